package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"presage"
)

// Remote is a running service, by its API.
type Remote struct {
	url    string
	key    presage.Secret
	client *http.Client
}

// NewRemote returns the service at address (http://HOST:PORT), with its admin
// key if it has one.
func NewRemote(address string, key presage.Secret) (*Remote, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("--url: %w address: want http://HOST:PORT", presage.ErrInvalid)
	}
	return &Remote{url: strings.TrimRight(address, "/"), key: key, client: &http.Client{Timeout: 2 * time.Minute}}, nil
}

// Provision makes new secrets; see port.Credentials.
func (r *Remote) Provision(ctx context.Context, vins []presage.VIN) ([]presage.Issued, error) {
	var answer struct {
		Items []struct {
			VIN    presage.VIN `json:"vin"`
			Secret string      `json:"secret"`
		} `json:"items"`
	}
	err := r.do(ctx, http.MethodPost, "/v1/vehicles/credentials", map[string][]presage.VIN{"vins": vins}, &answer)
	issued := make([]presage.Issued, len(answer.Items))
	for i, one := range answer.Items {
		issued[i] = presage.Issued{VIN: one.VIN, Secret: presage.Secret(one.Secret)}
	}
	return issued, err
}

// Revoke takes a vehicle's credentials away and cuts its connection.
func (r *Remote) Revoke(ctx context.Context, vin presage.VIN) error {
	return r.do(ctx, http.MethodDelete, "/v1/vehicles/"+string(vin)+"/credentials", nil, nil)
}

// Credentials lists a page of credentials behind after.
func (r *Remote) Credentials(ctx context.Context, after presage.VIN) ([]Row, error) {
	var answer struct {
		Items []Row `json:"items"`
	}
	path := fmt.Sprintf("/v1/vehicles/credentials?limit=%d&after=%s", pageRows, after)
	err := r.do(ctx, http.MethodGet, path, nil, &answer)
	return answer.Items, err
}

func (r *Remote) do(ctx context.Context, method, path string, body, answer any) error {
	var text io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("ask the service: %w", err)
		}
		text = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(ctx, method, r.url+path, text)
	if err != nil {
		return fmt.Errorf("ask the service: %w", err)
	}
	q.Header.Set("Content-Type", "application/json")
	if r.key != "" {
		q.Header.Set("Authorization", "Bearer "+r.key.Reveal())
	}
	a, err := r.client.Do(q)
	if err != nil {
		return fmt.Errorf("%w: no service answers at %s (--url)", presage.ErrUnavailable, r.url)
	}
	defer func() { _ = a.Body.Close() }() // read to its end
	if a.StatusCode >= http.StatusBadRequest {
		return fault(a)
	}
	if answer == nil {
		return nil
	}
	if err := json.NewDecoder(a.Body).Decode(answer); err != nil {
		return fmt.Errorf("%w: the service's answer is cut off: run the command again", presage.ErrUnavailable)
	}
	return nil
}

// fault is what the service says is wrong.
func fault(a *http.Response) error {
	var problem struct {
		Detail string `json:"detail"`
	}
	_ = json.NewDecoder(a.Body).Decode(&problem) // a proxy's page says less than its status
	kind := map[int]error{
		http.StatusNotFound: presage.ErrNotFound, http.StatusForbidden: presage.ErrForbidden,
		http.StatusUnauthorized: presage.ErrForbidden, http.StatusUnprocessableEntity: presage.ErrInvalid,
	}[a.StatusCode]
	if kind == nil {
		kind = presage.ErrUnavailable
	}
	if errors.Is(kind, presage.ErrForbidden) {
		problem.Detail += " (--key or PRESAGE_HTTP_ADMIN_KEY)"
	}
	return fmt.Errorf("%w: the service answers %s: %s", kind, a.Status, problem.Detail)
}

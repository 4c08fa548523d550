// Package client asks a running service through its HTTP API, for the commands
// that work on one.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Service is a running service. Its methods may be called at the same time.
type Service struct {
	url  string
	key  presage.Secret
	http *http.Client
}

const (
	timeout     = 2 * time.Minute
	connections = 16
	maxAnswer   = 4 << 20 // bytes
)

// New returns the service at address (http://HOST:PORT), with its admin key if
// it has one. flag is the one that gave the address, for the errors.
func New(flag, address string, key presage.Secret) (*Service, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s: %w address: want http://HOST:PORT", flag, presage.ErrInvalid)
	}
	return &Service{url: strings.TrimRight(address, "/"), key: key, http: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: connections, IdleConnTimeout: timeout,
		},
	}}, nil
}

// Close closes the connections that wait for another question.
func (s *Service) Close() { s.http.CloseIdleConnections() }

// Answer is what the service said.
type Answer struct {
	Status int
	Body   []byte
	Detail string        // of a problem, in the service's words
	Pause  time.Duration // how long it wants to be left alone; 0 when it does not say
}

// Err is nil for a status below 400, else the error of its kind.
func (a Answer) Err() error {
	if a.Status < http.StatusBadRequest {
		return nil
	}
	kind, ok := map[int]error{
		http.StatusNotFound: presage.ErrNotFound, http.StatusForbidden: presage.ErrForbidden,
		http.StatusUnauthorized: presage.ErrForbidden, http.StatusUnprocessableEntity: presage.ErrInvalid,
		http.StatusConflict: presage.ErrConflict,
	}[a.Status]
	if !ok {
		kind = presage.ErrUnavailable
	}
	hint := ""
	if kind == presage.ErrForbidden { //nolint:errorlint // from the table above
		hint = " (--key or PRESAGE_HTTP_ADMIN_KEY)"
	}
	return fmt.Errorf("%w: the service answers %d %s: %s%s", kind, a.Status, http.StatusText(a.Status), a.Detail, hint)
}

// Ask sends JSON, nil for none, and returns the answer whatever its status is.
// ErrUnavailable: nobody answers, or not as a service of ours does. No error
// text holds the path, for a VIN may be in it.
func (s *Service) Ask(ctx context.Context, method, path string, body []byte) (Answer, error) {
	return s.ask(ctx, method, path, body, "application/json")
}

func (s *Service) ask(ctx context.Context, method, path string, body []byte, kind string) (Answer, error) {
	r, err := s.send(ctx, method, path, body, http.Header{"Content-Type": {kind}})
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = r.Body.Close() }() // read as far as it is wanted
	return s.read(r)
}

// Copy writes what the service answers in a content type to w, however long it is.
func (s *Service) Copy(ctx context.Context, path, accept string, w io.Writer) error {
	r, err := s.send(ctx, http.MethodGet, path, nil, http.Header{"Accept": {accept}})
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }() // read as far as it is wanted
	if r.StatusCode != http.StatusOK {
		a, err := s.read(r)
		if err == nil {
			err = a.Err()
		}
		return err
	}
	if _, err := io.Copy(w, r.Body); err != nil {
		return s.cutOff()
	}
	return nil
}

// send asks with the key added to header.
func (s *Service) send(
	ctx context.Context, method, path string, body []byte, header http.Header,
) (*http.Response, error) {
	q, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w question to %s", presage.ErrInvalid, s.url)
	}
	q.Header = header
	if s.key != "" {
		q.Header.Set("Authorization", "Bearer "+s.key.Reveal())
	}
	r, err := s.http.Do(q)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: no service answers at %s; --url or --broker names another", presage.ErrUnavailable, s.url)
	}
	return r, nil
}

func (s *Service) cutOff() error {
	return fmt.Errorf("%w: the answer of %s is cut off: run the command again", presage.ErrUnavailable, s.url)
}

// read takes the whole answer, with the detail of a problem.
func (s *Service) read(r *http.Response) (a Answer, err error) {
	a.Status = r.StatusCode
	if a.Body, err = io.ReadAll(io.LimitReader(r.Body, maxAnswer)); err != nil {
		return a, s.cutOff()
	}
	if a.Status >= http.StatusMultipleChoices {
		var problem struct {
			Detail string `json:"detail"`
		}
		if json.Unmarshal(a.Body, &problem) != nil {
			return a, fmt.Errorf("%w: %s answers %s, and not as presage does", presage.ErrUnavailable, s.url, r.Status)
		}
		a.Detail = problem.Detail
	}
	if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil {
		a.Pause = time.Duration(max(seconds, 0)) * time.Second
	}
	return a, nil
}

// Do asks with body as JSON, nil for none, and reads the answer into answer,
// nil for nowhere. A status of 400 or more is the error of its kind.
func (s *Service) Do(ctx context.Context, method, path string, body, answer any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return fmt.Errorf("ask the service: %w", err)
		}
	}
	a, err := s.Ask(ctx, method, path, text)
	return s.into(answer, a, err)
}

// Post sends text of a content type and reads the answer into answer as Do does.
func (s *Service) Post(ctx context.Context, path, kind string, text []byte, answer any) error {
	a, err := s.ask(ctx, http.MethodPost, path, text, kind)
	return s.into(answer, a, err)
}

func (s *Service) into(answer any, a Answer, err error) error {
	if err == nil {
		err = a.Err()
	}
	if err != nil || answer == nil {
		return err
	}
	if err := json.Unmarshal(a.Body, answer); err != nil {
		return fmt.Errorf("%w: %s answers %d, and not as presage does", presage.ErrUnavailable, s.url, a.Status)
	}
	return nil
}

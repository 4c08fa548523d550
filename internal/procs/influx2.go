package procs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"presage"
)

// Influx2 is the owner of an InfluxDB 2 that StartInflux2 has set up.
type Influx2 struct {
	URL   string // "http://127.0.0.1:port"
	Org   string
	Token string // may do everything
}

// FindInflux2 is the path of InfluxDB 2's influxd, PRESAGE_INFLUXD2; else an
// ErrNotFound. It is not looked for elsewhere: `make influxd2` takes minutes and
// needs cargo, so that a machine without one is nothing unusual.
func FindInflux2() (string, error) {
	path := os.Getenv("PRESAGE_INFLUXD2")
	if path == "" {
		return "", fmt.Errorf("%w: no InfluxDB 2: run make influxd2 and set PRESAGE_INFLUXD2", presage.ErrNotFound)
	}
	if _, err := exec.LookPath(path); err != nil {
		return "", fmt.Errorf("%w: PRESAGE_INFLUXD2: %w", presage.ErrNotFound, err)
	}
	return path, nil
}

// StartInflux2 starts a server at address ("127.0.0.1:port") that keeps its
// data in dir. A new directory has no owner yet: see Onboard.
func StartInflux2(ctx context.Context, dir, address string) (*Proc, error) {
	binary, err := FindInflux2()
	if err != nil {
		return nil, err
	}
	return StartReady(ctx, Answers("http://"+address+"/health", http.StatusOK), binary, nil,
		"--bolt-path", filepath.Join(dir, "influxd.bolt"), "--sqlite-path", filepath.Join(dir, "influxd.sqlite"),
		"--engine-path", filepath.Join(dir, "engine"), "--http-bind-address", address,
		"--reporting-disabled", "--log-level", "error")
}

// Onboard makes the first user, organisation and bucket of a server, with a
// token that may do everything; keep is the bucket's retention, 0 for ever.
func (i Influx2) Onboard(ctx context.Context, bucket string, keep time.Duration) error {
	return i.post(ctx, "/api/v2/setup", map[string]any{
		"username": "owner", "password": "owner-of-a-test", "org": i.Org, "bucket": bucket, "token": i.Token,
		"retentionPeriodSeconds": int64(keep / time.Second),
	})
}

// NewBucket makes another bucket; keep is its retention, 0 for ever.
func (i Influx2) NewBucket(ctx context.Context, name string, keep time.Duration) error {
	org, err := i.orgID(ctx)
	if err != nil {
		return err
	}
	rules := []any{}
	if keep > 0 {
		rules = append(rules, map[string]any{"type": "expire", "everySeconds": int64(keep / time.Second)})
	}
	return i.post(ctx, "/api/v2/buckets", map[string]any{"orgID": org, "name": name, "retentionRules": rules})
}

func (i Influx2) orgID(ctx context.Context) (string, error) {
	var found struct {
		Orgs []struct {
			ID string `json:"id"`
		} `json:"orgs"`
	}
	text, err := i.call(ctx, http.MethodGet, "/api/v2/orgs?org="+i.Org, nil)
	if err == nil {
		err = json.Unmarshal([]byte(text), &found)
	}
	if err != nil || len(found.Orgs) != 1 {
		return "", fmt.Errorf("organisation %s: %w: %d of them: %w", i.Org, presage.ErrUnavailable, len(found.Orgs), err)
	}
	return found.Orgs[0].ID, nil
}

func (i Influx2) post(ctx context.Context, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("influx %s: %w", path, err)
	}
	_, err = i.call(ctx, http.MethodPost, path, text)
	return err
}

// call returns the body of an answer; any status but 2xx is an ErrUnavailable.
func (i Influx2) call(ctx context.Context, method, path string, body []byte) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, text := request{method, i.URL + path, "application/json", string(body), "Token " + i.Token}.send(ctx)
	if status/100 != 2 {
		return "", fmt.Errorf("influx %s %s: %w: %d %s", method, path, presage.ErrUnavailable, status, text)
	}
	return text, nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"presage"
	"presage/api/port"
)

// remote is a running service, by its API.
type remote struct {
	url string
	key presage.Secret
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// backup starts one (POST) or asks for the latest (GET).
func (r remote) backup(ctx context.Context, method string) (at port.BackupState, err error) {
	q, err := http.NewRequestWithContext(ctx, method, r.url+"/v1/backup", http.NoBody)
	if err != nil {
		return at, fmt.Errorf("%w --url: %w", presage.ErrInvalid, err)
	}
	if r.key != "" {
		q.Header.Set("Authorization", "Bearer "+r.key.Reveal())
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return at, fmt.Errorf("%w: no service answers: %w", presage.ErrUnavailable, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return at, fmt.Errorf("%w: %s: %w", presage.ErrUnavailable, r.url, err)
	}
	if answer.StatusCode >= http.StatusBadRequest {
		var problem struct {
			Detail string `json:"detail"`
		}
		if json.Unmarshal(text, &problem) != nil || problem.Detail == "" {
			problem.Detail = "it does not speak as presage does"
		}
		return at, fmt.Errorf("%s answers %s: %s", r.url, answer.Status, problem.Detail)
	}
	if err := json.Unmarshal(text, &at); err != nil {
		return at, fmt.Errorf("%s: %w: its answer cannot be read: %w", r.url, presage.ErrUnavailable, err)
	}
	return at, nil
}

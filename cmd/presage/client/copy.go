package client

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"presage"
)

// Copy writes what the service answers in a content type to w, however long it is.
func (s *Service) Copy(ctx context.Context, path, accept string, w io.Writer) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return fmt.Errorf("%w question to %s", presage.ErrInvalid, s.url)
	}
	q.Header.Set("Accept", accept)
	if s.key != "" {
		q.Header.Set("Authorization", "Bearer "+s.key.Reveal())
	}
	r, err := s.http.Do(q)
	if err != nil {
		return fmt.Errorf("%w: no service answers at %s; --url names another", presage.ErrUnavailable, s.url)
	}
	defer func() { _ = r.Body.Close() }() // read as far as it is wanted
	if r.StatusCode != http.StatusOK {
		return Answer{Status: r.StatusCode}.Err()
	}
	if _, err := io.Copy(w, r.Body); err != nil {
		return fmt.Errorf("%w: the answer of %s is cut off: run the command again", presage.ErrUnavailable, s.url)
	}
	return nil
}

package contact

import (
	"net/http"
	"time"
)

// Client sends requests to a provider. It follows no redirect: a message must
// not reach an address that nobody configured.
func Client(transport http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

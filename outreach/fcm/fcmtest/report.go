package fcmtest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
)

// Report is what an app sends to address by itself: the token that its message
// brought and what became of it, "delivered" or "opened". It returns the status
// of the answer.
func Report(ctx context.Context, address, receipt, event string) (int, error) {
	body, err := json.Marshal(map[string]string{"receipt": receipt, "event": event})
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	return res.StatusCode, nil
}

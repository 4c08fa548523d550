package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"presage"
)

// rows counts what is in an InfluxDB 1.8 database's measurement "telemetry".
type rows struct{ url, database string }

// written is how many points the server has accepted since it began, repeats
// included. Asking costs it next to nothing.
func (r rows) written(ctx context.Context) (int64, error) {
	var all map[string]json.RawMessage
	if err := r.get(ctx, "/debug/vars", &all); err != nil {
		return 0, err
	}
	n := int64(0)
	for name, text := range all {
		if !strings.HasPrefix(name, "httpd:") {
			continue
		}
		var stat struct {
			Values struct {
				PointsWrittenOK int64 `json:"pointsWrittenOK"`
			} `json:"values"`
		}
		if err := json.Unmarshal(text, &stat); err != nil {
			return 0, fmt.Errorf("influxd: %s: %w: %w", name, presage.ErrInvalid, err)
		}
		n += stat.Values.PointsWrittenOK
	}
	return n, nil
}

// stored counts the rows exactly: that of the field in the fewest rows, and how
// many fields there are. It reads everything.
func (r rows) stored(ctx context.Context) (count int64, fields int, err error) {
	var answer struct {
		Results []struct {
			Error  string `json:"error"`
			Series []struct {
				Columns []string `json:"columns"`
				Values  [][]any  `json:"values"`
			} `json:"series"`
		} `json:"results"`
	}
	query := url.Values{"db": {r.database}, "q": {`SELECT count(*) FROM "telemetry"`}}
	if err := r.get(ctx, "/query?"+query.Encode(), &answer); err != nil {
		return 0, 0, err
	}
	if len(answer.Results) != 1 || answer.Results[0].Error != "" {
		return 0, 0, fmt.Errorf("influxd: count: %w: %+v", presage.ErrInvalid, answer)
	}
	for _, series := range answer.Results[0].Series {
		for i, value := range series.Values[0] {
			n, ok := value.(float64)
			if i == 0 || !ok { // the first column is the time
				continue
			}
			if fields++; fields == 1 || int64(n) < count {
				count = int64(n)
			}
		}
	}
	return count, fields, nil
}

// await waits until want rows are stored and tells when that was seen. Without
// a new point for stall it gives up: the rows that are there are the result.
func (r rows) await(ctx context.Context, want int64, stall time.Duration) (count int64, fields int, err error) {
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	last, moved := int64(-1), time.Now()
	for {
		written, err := r.written(ctx)
		if err != nil {
			return 0, 0, err
		}
		if written != last {
			last, moved = written, time.Now()
		}
		late := time.Since(moved) > stall
		if written >= want || late {
			if count, fields, err = r.stored(ctx); err != nil || count >= want || late {
				return count, fields, err
			}
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return count, fields, ctx.Err()
		}
	}
}

func (r rows) get(ctx context.Context, path string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("influxd: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("influxd: %w: %w", presage.ErrUnavailable, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("influxd: %s: %w: %s", req.URL.Path, presage.ErrUnavailable, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return fmt.Errorf("influxd: %s: %w: %w", req.URL.Path, presage.ErrInvalid, err)
	}
	return nil
}

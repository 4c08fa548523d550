package presage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
)

func TestCommandState(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		c    presage.Command
		want presage.CommandState
	}{
		"never expires":            {presage.Command{}, presage.CommandOpen},
		"expires later":            {presage.Command{ExpiresAt: now.Add(1)}, presage.CommandOpen},
		"expires at this instant":  {presage.Command{ExpiresAt: now}, presage.CommandExpired},
		"done before it expired":   {presage.Command{ExpiresAt: now, DoneAt: now.Add(-1)}, presage.CommandDone},
		"done and never to expire": {presage.Command{DoneAt: now}, presage.CommandDone},
	} {
		if got := test.c.State(now); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestCommandValidate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	right := presage.Command{VIN: "WVWZZZ1KZAW000001", Payload: []byte(`{"a":1}`), CreatedAt: now}
	for _, payload := range []string{`null`, `[1,2]`, `"x"`, `7`, `"` + strings.Repeat("x", presage.MaxCommandBytes-2) + `"`} {
		c := right
		c.Payload = []byte(payload)
		if err := c.Validate(); err != nil {
			t.Errorf("%.20s: %v", payload, err)
		}
	}
	for name, spoil := range map[string]func(*presage.Command){
		"vin":     func(c *presage.Command) { c.VIN = "" },
		"payload": func(c *presage.Command) { c.Payload = nil },
		"JSON":    func(c *presage.Command) { c.Payload = []byte(`{"a":`) },
		"UTF-8":   func(c *presage.Command) { c.Payload = []byte("\"\xff\"") },
		"65537": func(c *presage.Command) {
			c.Payload = []byte(`"` + strings.Repeat("x", presage.MaxCommandBytes-1) + `"`)
		},
		"created_at": func(c *presage.Command) { c.CreatedAt = time.Time{} },
		"expires_at": func(c *presage.Command) { c.ExpiresAt = now },
		"by":         func(c *presage.Command) { c.By = strings.Repeat("x", 65) },
	} {
		c := right
		spoil(&c)
		if err := c.Validate(); !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

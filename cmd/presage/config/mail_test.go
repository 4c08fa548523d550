package config_test

import (
	"testing"
	"time"

	"presage/cmd/presage/config"
)

// A message by e-mail is over before another process may take its claim over: a claim is
// renewed at half of its time, so that the other half, less the recording, is left.
func TestMailIsOverBeforeItsClaim(t *testing.T) {
	t.Parallel()
	for claim, want := range map[time.Duration]time.Duration{
		10 * time.Second: 4 * time.Second, time.Minute: 24 * time.Second,
		2 * time.Minute: 30 * time.Second, time.Hour: 30 * time.Second,
	} {
		if got := (config.Mail{}).Config(claim).Timeout; got != want || got >= claim/2 {
			t.Errorf("of a claim of %v a message may take %v, want %v", claim, got, want)
		}
	}
}

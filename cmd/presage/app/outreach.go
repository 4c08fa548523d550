package app

import (
	"context"
	"slices"
	"strings"

	"presage"
	"presage/outreach"
)

// baseURL is how customers reach the booking pages.
func (a *App) baseURL() string {
	if u := strings.TrimRight(a.cfg.HTTP.PublicURL, "/"); u != "" {
		return u
	}
	return a.URL()
}

// signingKey is what links are signed with. Where processes share a database it is the same
// for all of them: the one that the first had in its directory.
func (a *App) signingKey(ctx context.Context) (presage.Secret, error) {
	key, err := a.cfg.SigningKey()
	if err != nil || a.cfg.Outreach.Key != "" || !postgres(a.cfg) {
		return key, err
	}
	kept, err := a.SQL.FirstSetting(ctx, "outreach.key", key.Reveal())
	return presage.Secret(kept), err
}

// openOutreach makes the service with the configured channels: what none of
// them hands over is not told.
func (a *App) openOutreach(ctx context.Context) error {
	key, err := a.signingKey(ctx)
	if err != nil {
		return err
	}
	channels, mounts, err := a.openChannels(key)
	if err != nil {
		return err
	}
	if a.channels != nil {
		channels = a.channels
	}
	c := outreach.DefaultConfig()
	c.BaseURL = a.baseURL()
	texts, err := a.openTexts(&c)
	if err != nil {
		return err
	}
	if err := a.openLibrary(); err != nil {
		return err
	}
	c.Policy.HoldOut, c.Cap = a.cfg.Outreach.HoldOut, a.cfg.Outreach.Cap
	c.QuietFrom, c.QuietTo = a.cfg.Outreach.QuietFrom, a.cfg.Outreach.QuietTo
	c.Calls = slices.Contains(a.cfg.Outreach.Channels, string(presage.ChannelCall))
	c.ClaimTimeout, c.RetryAfter = a.cfg.Outreach.ClaimTimeout, a.cfg.Outreach.RetryAfter
	c.Senders = a.cfg.Outreach.Senders
	if a.Outreach, err = outreach.New(c, outreach.Deps{
		Store: a.SQL, Catalogue: a.Catalogue, Channels: channels, Key: key,
		Now: a.Clock.Now, Texts: texts, Logger: a.log, Whereabouts: a.whereabouts, Telemetry: sightings{a},
	}); err != nil {
		return err
	}
	for _, mount := range mounts {
		mount(a.Outreach)
	}
	return a.openNotices()
}

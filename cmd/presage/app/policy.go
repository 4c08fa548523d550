package app

import (
	"context"
	"log/slog"
)

// followPolicy takes up the stored policy, which counts instead of the keys of
// the configuration that it covers, and says which one rules.
func (a *App) followPolicy(ctx context.Context) error {
	if err := a.Outreach.Rulebook.Refresh(ctx); err != nil {
		return err
	}
	version := a.Outreach.Rulebook.Current().PolicyVersion
	if version == 0 {
		a.log.InfoContext(ctx, "no policy is stored: the configuration rules (outreach.quiet_from, quiet_to, cap, hold_out)")
		return nil
	}
	a.log.InfoContext(ctx, "the stored policy rules: outreach.quiet_from, quiet_to, cap and hold_out of the "+
		"configuration do not count", slog.Int64("policy_version", version))
	return nil
}

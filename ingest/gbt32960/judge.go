package gbt32960

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960/frame"
)

// verdict is what becomes of a frame: under which kind of topic it is kept, ""
// for not at all, with which flag it is answered, and what counts as wrong.
type verdict struct {
	kind   string
	flag   frame.Flag
	reason string
}

// judge decides on a command. False ends the connection without an answer.
func (c *conn) judge(ctx context.Context, f frame.Frame) (verdict, bool) {
	switch {
	case f.Encryption != frame.NoEncryption:
		if c.vin == "" {
			return verdict{kindEarly, edition(f, frame.BadDecryption), ReasonEncrypted}, true
		}
		return verdict{kindFrame, edition(f, frame.BadDecryption), ReasonEncrypted}, true
	case f.Command == frame.Login:
		return c.judgeLogin(ctx, f)
	case c.vin == "" && (f.Command == frame.Heartbeat || f.Command == frame.TimeSync):
		return verdict{"", frame.Failed, ReasonNotLoggedIn}, true // nothing in it to keep
	case c.vin == "":
		return verdict{kindEarly, frame.Failed, ReasonNotLoggedIn}, true
	case f.VIN != string(c.vin):
		return verdict{kindFrame, frame.Failed, errForeign}, true
	}
	return c.judgeReport(f), true
}

// judgeReport decides on a command of the vehicle that is logged in.
func (c *conn) judgeReport(f frame.Frame) verdict {
	switch f.Command {
	case frame.Heartbeat, frame.TimeSync:
		return verdict{"", frame.OK, ""}
	case frame.Realtime, frame.Reissue, frame.Logout:
		if reason := c.clockFault(f); reason != "" {
			return verdict{kindFrame, frame.Failed, reason}
		}
		return verdict{kindFrame, frame.OK, ""}
	default:
		return verdict{kindFrame, frame.Failed, ReasonUnknownCommand}
	}
}

// maxAhead is how far before ours a terminal's clock may be without being
// refused at the gateway. It is generous: what is less far ahead is judged by
// the pipeline, and our own clock may be the one that is wrong.
const maxAhead = 24 * time.Hour

// clockFault is the reason why a frame's time cannot be meant: no calendar has
// it, the clock was never set, or it runs days ahead. Such a frame is kept as a
// letter, and the terminal is told that it failed. A login is let in all the
// same: after it a terminal asks for the time.
func (c *conn) clockFault(f frame.Frame) string {
	at, err := frame.Time(f.Data)
	switch {
	case err != nil || at.Before(c.g.cfg.Oldest):
		return ingest.ReasonMissingTime
	case at.After(c.g.cfg.Now().Add(maxAhead)):
		return ingest.ReasonFutureTime
	}
	return ""
}

// judgeLogin binds the connection to the VIN of its first login.
func (c *conn) judgeLogin(ctx context.Context, f frame.Frame) (verdict, bool) {
	if c.vin != "" && f.VIN != string(c.vin) {
		return verdict{kindFrame, frame.Failed, errForeign}, true
	}
	vin, err := presage.ParseVIN(f.VIN)
	if err != nil || string(vin) != f.VIN {
		return verdict{kindEarly, frame.Failed, "wrong_vin"}, true
	}
	// The order matters: who is revoked meanwhile is found here or cut off there.
	if !c.g.login(vin, c) {
		return verdict{kindEarly, frame.Failed, errCrowded}, true
	}
	if err := c.claim(ctx, vin); err != nil {
		c.g.logout(vin, c)
		if !errors.Is(err, presage.ErrForbidden) {
			c.g.metrics.errors.WithLabelValues(errFleet).Inc()
			return verdict{}, false // the terminal tries again
		}
		c.g.cfg.Logger.InfoContext(ctx, "gbt32960: login refused", slog.Any("vin", vin), slog.Any("error", err))
		return verdict{kindEarly, edition(f, frame.VINUnknown), errRefused}, true
	}
	c.vin = vin
	return verdict{kindFrame, frame.OK, ""}, true
}

func (c *conn) claim(ctx context.Context, vin presage.VIN) error {
	if c.g.cfg.Lock == nil {
		return nil
	}
	return c.g.cfg.Lock.Claim(ctx, vin)
}

// edition is the flag if f's edition has it, else the plain failure.
func edition(f frame.Frame, flag frame.Flag) frame.Flag {
	if f.Version == frame.V2025 {
		return flag
	}
	return frame.Failed
}

// word is the flag's label in metrics.
func word(f frame.Flag) string {
	switch f {
	case frame.OK:
		return "ok"
	case frame.VINUnknown:
		return "vin_unknown"
	case frame.BadDecryption:
		return "bad_decryption"
	default:
		return "failed"
	}
}

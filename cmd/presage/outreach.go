package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"presage"
	"presage/cmd/presage/client"
	"presage/cmd/presage/config"
	"presage/internal/sqlstore"
	"presage/outreach/policy"
)

// outreachCommand looks at what outreach decided.
type outreachCommand struct {
	Replay     replayDecisionCommand  `cmd:"" help:"Decide a case again from its stored inputs, and compare every byte."`
	Compare    comparePoliciesCommand `cmd:"" help:"Decide again by two policies: who would be told what and when."`
	Understand understandCommand      `cmd:"" help:"Say what the service would do with replies of customers."`
}

type replayDecisionCommand struct {
	target
	Case string `required:"" placeholder:"ID" help:"The case."`
}

// Run is an ErrConflict that names what differs when the same inputs lead elsewhere today.
func (c replayDecisionCommand) Run(ctx context.Context, p *process) error {
	return c.reach(ctx, p, func(s *client.Service) error {
		var found struct {
			Case presage.Case `json:"case"`
		}
		if err := s.Do(ctx, http.MethodGet, "/v1/cases/"+url.PathEscape(c.Case), nil, &found); err != nil {
			return fmt.Errorf("case %.40q: %w", c.Case, err)
		}
		return replayDecision(p.stdout, found.Case)
	}, func(sql *sqlstore.Store, _ config.Config) error {
		found, err := sql.Case(ctx, c.Case)
		if err != nil {
			return err
		}
		return replayDecision(p.stdout, found)
	})
}

// replayDecision decides again and says what the outcome is.
func replayDecision(w io.Writer, c presage.Case) error {
	var opened struct {
		Policy string         `json:"policy"`
		Alert  *presage.Alert `json:"alert"`
	}
	if len(c.Decision) == 0 {
		return fmt.Errorf("case %s: %w: no decision is stored with it", c.ID, presage.ErrNotFound)
	}
	if err := json.Unmarshal(c.Decision, &opened); err == nil && opened.Alert != nil {
		_, err := fmt.Fprintf(w, "case %s: opened by the watch rule %s at %s; the alert is the whole decision (policy %s), "+
			"there is nothing to compute again\n", c.ID, opened.Alert.Rule, c.OpenedAt.UTC().Format(time.RFC3339), opened.Policy)
		return err
	}
	d, err := policy.Replay(c.Decision)
	if err != nil {
		return fmt.Errorf("case %s: %w", c.ID, err)
	}
	visit := d.Input.At.UTC().AddDate(0, 0, d.Day).Format(time.DateOnly)
	outcome := "offered"
	if d.Withheld {
		outcome = "held out"
	}
	_, err = fmt.Fprintf(w, "case %s: decided at %s by policy %s; decided again, the same to the byte\n"+
		"visit by %s for %v, %s: draw %.6f, hold-out below %g\n",
		c.ID, d.Input.At.UTC().Format(time.RFC3339), d.Policy, visit, d.Components, outcome, d.Input.Draw,
		d.Input.Parameters.HoldOut)
	return err
}

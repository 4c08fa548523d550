//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// A record without its case is none; the same one again changes nothing.
func decisionRecords(t *testing.T, s *sqlstore.Store) {
	ctx, c := t.Context(), mustOpen(t, s, 1)
	record := func(id, caseID string, day int) presage.DecisionRecord {
		return presage.DecisionRecord{
			ID: id, At: noon().AddDate(0, 0, day), VIN: vin(1), CustomerID: "c1", WorkshopID: "w1", CaseID: caseID,
			Outcome: presage.DecisionCapped, PolicyVersion: 3, Known: []byte(`{"zone":"UTC"}`),
		}
	}
	held, opened, orphan := record("d2", "", 0), record("d1", c.ID, 1), record("d3", "nowhere", 2)
	for _, d := range []presage.DecisionRecord{held, opened, orphan} {
		must(t, s.PutDecision(ctx, d))
	}
	again := held
	again.Outcome = presage.DecisionTold
	must(t, s.PutDecision(ctx, again))
	got, err := s.Decisions(ctx, presage.DecisionFilter{})
	must(t, err)
	same(t, "all", got, []presage.DecisionRecord{held, opened})
	got, err = s.Decisions(ctx, presage.DecisionFilter{AfterID: "d2", Limit: 1})
	must(t, err)
	same(t, "the second page", got, []presage.DecisionRecord{opened})
	got, err = s.Decisions(ctx, presage.DecisionFilter{From: noon(), To: noon().AddDate(0, 0, 1)})
	must(t, err)
	same(t, "the first day", got, []presage.DecisionRecord{held})
	for id, want := range map[string]bool{"d2": true, "d9": false} {
		kept, err := s.DecisionKept(ctx, id)
		must(t, err)
		same(t, id, kept, want)
	}
}

// An offer told by two channels is one, at its last text; safety is none.
func offersTold(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	sent := func(id, offer string, hour int, safety bool) presage.Message {
		return presage.Message{
			ID: id, Key: id, CaseID: "case of " + offer, OfferID: offer, CustomerID: "c1", Kind: "offer", Safety: safety,
			Channel: presage.ChannelSMS, State: presage.MessageSent, SentAt: noon().Add(time.Duration(hour) * time.Hour),
			CreatedAt: noon(),
		}
	}
	must(t, s.PutMessages(ctx, []presage.Message{
		sent("m1", "o1", 1, false), sent("m2", "o1", 5, false), sent("m3", "o2", 3, false), sent("m4", "o3", 4, true),
	}))
	got, err := s.OffersTold(ctx, "c1", noon())
	must(t, err)
	same(t, "told", got, []presage.ToldOffer{
		{CaseID: "case of o2", At: noon().Add(3 * time.Hour)}, {CaseID: "case of o1", At: noon().Add(5 * time.Hour)},
	})
	n, err := s.MessagesSince(ctx, "c1", noon())
	must(t, err)
	same(t, "the cap counts as many", n, len(got))
}

package sqlstore_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"presage"
	"presage/internal/sqlstore/migrations"
	"presage/internal/sqlstore/sqltest"
)

// becomes is a sentence as it was stored, and the reason it is by now.
type becomes struct {
	sentence string
	want     presage.Reason
}

func one(code string, pairs ...string) presage.Reason { return presage.Because(code, pairs...) }

func call() presage.Reason { return presage.Because(presage.WhyCall) }

// oldEvents are all sentences that outreach wrote into the history of cases
// before migration 21, as its source had them.
func oldEvents() []becomes {
	const t1, t2 = "2026-12-08T01:00:00Z", "2026-12-09T05:30:00Z"
	return []becomes{
		{"", presage.Reason{}},
		{"arrived", one(presage.WhyArrived)},
		{"nothing found", one(presage.WhyNoFinding)},
		{"result recorded", one(presage.WhyRecorded)},
		{"reply not understood", one(presage.WhyNotUnderstood)},
		{"no answer until the offer ran out", one(presage.WhyNoAnswer)},
		{"safety, no answer until the offer ran out: call the customer", one(presage.WhyNoAnswer).With(call())},
		{"nobody came to the visit: call the customer", one(presage.WhyNoShow).With(call())},
		{"no free slot could be offered in time", one(presage.WhyNoSlot)},
		{"the workshop has not reported the result", one(presage.WhyNoResult)},
		{"no channel with consent", one(presage.WhyNoChannel)},
		{"no message channel with consent: call the customer", one(presage.WhyNoChannel).With(call())},
		{"no channel is left: call the customer", one(presage.WhyChannelsEnd).With(call())},
		{"all components measure as renewed", one(presage.WhyRenewed)},
		{"the car has another owner", one(presage.WhyNewOwner)},
		{"cancelled in the console", one(presage.WhyCancelled)},
		{"cancelled by the customer", one(presage.WhyCancelled)},
		{
			"safety, due again after an earlier case ended without a repair: call the customer",
			one(presage.WhyDueAgain).With(call()),
		},
		{"hold-out: draw 0.0312 below 0.0500", one(presage.WhyWithheld, "draw", "0.0312", "share", "0.0500")},
		{"brake_pads_front due, cheapest visit in 12 days", one(presage.WhyDue, "component", "brake_pads_front", "days", "12")},
		{"now also due: tyre-leak.v2", one(presage.WhyNowDue, "component", "tyre-leak.v2")},
		{"3 slots offered by sms", one(presage.WhyOffered, "slots", "3", "channel", "sms")},
		{"booked for " + t1 + " via link", one(presage.WhyBooked, "start", t1, "via", "link")},
		{"moved to " + t2, one(presage.WhyMoved, "to", t2)},
		{"declined by the customer", one(presage.WhyDeclined)},
		{"declined by the customer: sold", one(presage.WhyDeclined, "text", "sold")},
		{
			"declined by the customer: no; not in\nMay since 2026; safety: an adviser calls",
			one(presage.WhyDeclined, "text", "no; not in\nMay since 2026").With(call()),
		},
		{"link STOP", one(presage.WhyStopped, "source", "link STOP")},
		{"outbox STOP; safety: an adviser calls", one(presage.WhyStopped, "source", "outbox STOP").With(call())},
		{"frequency cap", one(presage.WhyCapped)},
		{"no consent for sms; safety: an adviser calls", one(presage.WhyNoConsent, "channel", "sms").With(call())},
		{
			"hv_isolation: Loss of high-voltage isolation P0AA6 since " + t1,
			one(presage.WhyAlert, "rule", "hv_isolation", "code", "P0AA6", "since", t1),
		},
		{
			"cells: Cells (one) drift apart; watch (45.2 mV) since " + t1,
			one(presage.WhyAlert, "rule", "cells", "value", "45.2", "unit", "mV", "since", t1),
		},
		{
			"cells: Cells drift apart (1 ) since " + t1 + "; again after an earlier case: call the customer",
			one(presage.WhyAlert, "rule", "cells", "value", "1", "since", t1).With(one(presage.WhyAfterCase), call()),
		},
		{
			"cells: Cells drift apart (1e+03 K/min) since " + t1 + "; no message channel with consent: call the customer",
			one(presage.WhyAlert, "rule", "cells", "value", "1e+03", "unit", "K/min", "since", t1).
				With(one(presage.WhyNoChannel), call()),
		},
		{
			"hv_isolation: Loss of isolation P0AA6 since " + t1 + "; no channel with consent",
			one(presage.WhyAlert, "rule", "hv_isolation", "code", "P0AA6", "since", t1).With(one(presage.WhyNoChannel)),
		},
		{"cells: Cells drift apart is over since " + t2, one(presage.WhyAlertOver, "rule", "cells", "since", t2)},
		{"pads confirmed", one(presage.WhyFinding, "component", "pads", "outcome", "confirmed")},
		{
			"pads no_fault_found, cabin_filter worn_not_due, x replaced_elsewhere, y failed",
			one(presage.WhyFinding, "component", "pads", "outcome", "no_fault_found").With(
				one(presage.WhyFinding, "component", "cabin_filter", "outcome", "worn_not_due"),
				one(presage.WhyFinding, "component", "x", "outcome", "replaced_elsewhere"),
				one(presage.WhyFinding, "component", "y", "outcome", "failed")),
		},
		{"given up: twilio error 30008", one(presage.WhyGivenUp).With(one(presage.WhyNote, "text", "twilio error 30008"))},
		{
			"the customer opted out at the provider: twilio error 21610; safety: an adviser calls",
			one(presage.WhyOptedOut).With(one(presage.WhyNote, "text", "twilio error 21610"), call()),
		},
		{"channel push is not configured", one(presage.WhyNoProvider, "channel", "push")},
		// Not ours: kept as they are, whatever they look like.
		{"booked for tomorrow via phone", one(presage.WhyNote, "text", "booked for tomorrow via phone")},
		{"pads confirmed, then broken", one(presage.WhyNote, "text", "pads confirmed, then broken")},
		{`{"code":"arrived"}`, one(presage.WhyArrived)}, // a reason already
		{`{"half`, one(presage.WhyNote, "text", `{"half`)},
	}
}

// oldErrors are the errors of messages, by state.
func oldErrors() map[presage.MessageState][]becomes {
	return map[presage.MessageState][]becomes{
		presage.MessageSuppressed: {
			{"no consent for push", one(presage.WhyNoConsent, "channel", "push")},
			{"the car has another owner", one(presage.WhyNewOwner)},
			{"the booking is gone", one(presage.WhyBookingGone)},
			{"the booking is cancelled", one(presage.WhyBookingIs, "state", "cancelled")},
			{"the visit has begun", one(presage.WhyVisitBegun)},
			{"the case is booked", one(presage.WhyCaseIs, "state", "booked")},
			{"the offer has run out", one(presage.WhyOfferExpired)},
			{"the offer was answered", one(presage.WhyOfferAnswered)},
			{"the offer was opened", one(presage.WhyOfferOpened)},
			{"frequency cap", one(presage.WhyCapped)},
			{"for reasons of its own", one(presage.WhyNote, "text", "for reasons of its own")},
		},
		presage.MessageFailed: {
			{"the customer is unknown", one(presage.WhyNoCustomer)},
			{"channel call is not configured", one(presage.WhyNoProvider, "channel", "call")},
			{"given up: busy", one(presage.WhyGivenUp)},
			{"outcome unknown: timeout", one(presage.WhyOutcomeUnknown)},
			{"the customer opted out at the provider: twilio error 21610", one(presage.WhyOptedOut)},
			{"invalid: not delivered: unknown handset", one(presage.WhyRefused)},
		},
		presage.MessagePlanned: {
			{"the provider keeps quiet hours: twilio error 30610", one(presage.WhyProviderQuiet)},
			{"unavailable: timeout", one(presage.WhyTryAgain)},
			{"", presage.Reason{}},
		},
	}
}

// left is what stays of an error: the provider's own words.
func left() map[string]string {
	return map[string]string{
		"given up: busy":           "busy",
		"outcome unknown: timeout": "timeout",
		"the customer opted out at the provider: twilio error 21610": "twilio error 21610",
		"invalid: not delivered: unknown handset":                    "invalid: not delivered: unknown handset",
		"the provider keeps quiet hours: twilio error 30610":         "twilio error 30610",
		"unavailable: timeout":                                       "unavailable: timeout",
	}
}

func TestSentencesBecomeReasons(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	sentencesBecomeReasons(t, db, goose.DialectSQLite3, path)
}

// sentencesBecomeReasons needs an empty database, db, that url opens too. Every
// sentence is there 20 times, so that the rows are more than one page of the migration.
func sentencesBecomeReasons(t *testing.T, db *sql.DB, dialect goose.Dialect, url string) {
	t.Helper()
	const times = 20
	before, err := migrations.New(dialect, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), 20)
	must(t, err)
	tx, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	run := func(stmt string, args ...any) {
		t.Helper()
		_, err := tx.ExecContext(t.Context(), stmt, args...)
		must(t, err)
	}
	run(`INSERT INTO cases (id, vin, customer_id, workshop_id, components, severity, state, route, owner, opened_at,
		updated_at, due_at, visit_by, fail_within, decision)
		VALUES ('c', 'V', 'k', 'w', '[]', 'comfort', 'done', 'workshop', '', 0, 0, 0, 0, '{}', '')`)
	n := 0
	for range times {
		for _, e := range oldEvents() {
			n++
			run(`INSERT INTO case_events (case_id, n, at, who, from_state, to_state, why) VALUES ('c', $1, 0, '', '', '', $2)`,
				n, e.sentence)
		}
	}
	run(`INSERT INTO case_events (case_id, n, at, who, from_state, to_state, why)
		VALUES ('c', $1, 0, 'adviser', 'booked', 'offered', 'the lift is broken')`, n+1)
	for state, errs := range oldErrors() {
		for i, e := range errs {
			run(`INSERT INTO messages (id, msg_key, case_id, offer_id, vin, customer_id, kind, channel, lang, title, body, link,
				safety, state, not_before, created_at, updated_at, sent_at, provider_id, attempts, error)
				VALUES ($1, $1, 'c', '', '', '', '', '', '', '', '', '', FALSE, $2, 0, 0, 0, 0, '', 0, $3)`,
				fmt.Sprintf("%s-%02d", state, i), string(state), e.sentence)
		}
	}
	must(t, tx.Commit())

	s := sqltest.OpenURL(t, url)
	events, err := s.CaseEvents(t.Context(), "c")
	must(t, err)
	same(t, "events", len(events), n+1)
	for i, e := range events[:n] {
		old := oldEvents()[i%len(oldEvents())]
		same(t, old.sentence, e.Reason, old.want)
	}
	same(t, "an adviser's words", events[n].Reason, one(presage.WhyCancelled, "text", "the lift is broken"))
	for state, errs := range oldErrors() {
		for i, e := range errs {
			m, err := s.Message(t.Context(), fmt.Sprintf("%s-%02d", state, i))
			must(t, err)
			same(t, e.sentence, m.Reason, e.want)
			same(t, "error of "+e.sentence, m.Error, left()[e.sentence])
		}
	}
	must(t, db.Close())
}

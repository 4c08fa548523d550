package rules

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/policy"
)

// Config says how the service behaves. Start from Default.
type Config struct {
	// BaseURL is the address that customers reach, without a trailing slash;
	// default "http://127.0.0.1:8080".
	BaseURL string
	// Sender signs every text about a car whose make, in small letters, has no
	// name of its own in Brands; default "Presage".
	Sender presage.Text
	Brands map[string]presage.Text
	// Policy holds the costs and the hold-out share.
	Policy policy.Parameters
	// Experiment salts the hold-out draw; default "basic".
	Experiment string
	// PolicyVersion is of the stored policy that these rules come from; 0 is the
	// configuration alone.
	PolicyVersion int64
	// Pilot are the workshops that outreach is bound to; none: all.
	Pilot []string
	// QuietFrom and QuietTo are the local hours in which nothing is sent to a
	// customer, [from, to) over midnight; default 21 and 8. Equal: never quiet.
	QuietFrom, QuietTo int
	// Holidays are the days on which nothing is sent that customers have not asked
	// for, safety apart; default: public holidays, unless it is never quiet.
	Holidays Holidays
	// Elsewhere are the countries where a customer may be whose country is not known;
	// default CN and DE.
	Elsewhere []string
	// Cap is how many non-safety messages a customer gets within CapWindow; default 2 in 30 days.
	Cap       int
	CapWindow time.Duration
	// CoolDown is how long a component is left alone after its case ended
	// without a repair; default 30 days. SafetyCoolDown is the same for
	// safety-critical components, which then go to an adviser; default 7 days.
	CoolDown, SafetyCoolDown time.Duration
	// OfferTTL is how long an offer can be booked; default 7 days. LinkGrace is
	// how long its link still opens after that, to change or cancel; default 90 days.
	OfferTTL, LinkGrace time.Duration
	// Wait is how long a channel may stay without an answer before the next one
	// speaks, and after the last one a person calls.
	Wait Waits
	// Calls makes a call the last step also of what is a matter of mobility. About
	// safety a person calls in any case, about comfort never; default false.
	Calls bool
	// CallAttempts is how often a case's customer is called in vain before a person
	// is asked for another way; default 3.
	CallAttempts int
	// Keep is how long the times of an offer are kept for its customer; default 2 days.
	Keep time.Duration
	// Remind is how long before it runs out an offer is told once more; default 2 days.
	Remind time.Duration
	// Notice is the shortest time between an offer and its first slot; default 24 h.
	Notice time.Duration
	// SlotsOffered is the number of slots in an offer; default 3, at most 9.
	SlotsOffered int
	// SearchDays is how many days past the earliest possible one are searched for slots; default 21.
	SearchDays int
	// HorizonDays is how far ahead a visit may be booked; default 90 days.
	HorizonDays int
	// NoShowAfter is how long after its start an un-arrived booking is a no-show; default 4 h.
	NoShowAfter time.Duration
	// CallSafety and Call are how soon an adviser calls, about safety and about
	// anything else; default 4 h and 24 h. Manager is how soon a manager acts on
	// what an adviser left lying; default 24 h.
	CallSafety, Call, Manager time.Duration
	// NoSlot is how long a time to offer is looked for, before an adviser has the
	// case; default 3 days.
	NoSlot time.Duration
	// MaxAttempts is how often one message is tried on one channel; default 8, backing off
	// from RetryAfter (default 1 min) by doubling, at most 6 h.
	MaxAttempts int
	RetryAfter  time.Duration
	// Senders is how many messages are handed to one channel's provider at a
	// time; default 16.
	Senders int
	// SurveyAfter is how long after its result a customer is asked about a visit;
	// default 24 hours, 0 for never.
	SurveyAfter time.Duration
	// Answers is how many automatic answers one number gets in 24 hours; default 3.
	Answers int
	// AnswerSafety, AnswerMobility and AnswerComfortDays are how soon a person answers a
	// customer, by the severity of what it is about; default 15 min, 4 h, and 1 working
	// day of the workshop.
	AnswerSafety, AnswerMobility time.Duration
	AnswerComfortDays            int
	// ReadShare is the part of that time in which a text is read and given to somebody;
	// CloseWithin is how soon what waits for a person is closed. Default a half, 7 days.
	ReadShare   float64
	CloseWithin time.Duration
	// Coupons says which offers bring a discount; default none.
	Coupons []CouponRule
	// GoodwillMost is how many percent of a price advisers may let a customer off;
	// default 50, 0 for none.
	GoodwillMost int
	// Rescue is how soon what is done of a rescue.
	Rescue RescueTimes
	// ClaimTimeout is how old a claim must be to count as left by a crash; default 2 min.
	ClaimTimeout time.Duration
}

// Current tells how the service behaves now: what is decided next goes by it. It
// is safe for use by several goroutines.
type Current func() Config

// CallWithin is how soon an adviser calls.
func (c Config) CallWithin(s presage.Severity) time.Duration {
	if s == presage.Safety {
		return c.CallSafety
	}
	return c.Call
}

// InPilot tells whether customers of a workshop may be told of what is no matter of safety.
func (c Config) InPilot(workshopID string) bool {
	return len(c.Pilot) == 0 || slices.Contains(c.Pilot, workshopID)
}

// Default returns the defaults that the fields name.
func Default() Config {
	return Config{
		BaseURL: "http://127.0.0.1:8080", Sender: presage.Text{ZH: "Presage", EN: "Presage"},
		Policy: policy.DefaultParameters(), Experiment: "basic",
		QuietFrom: 21, QuietTo: 8, Holidays: Holidays{Public: true}.clone(), Elsewhere: []string{"CN", "DE"},
		Cap: 2, CapWindow: 30 * day,
		CoolDown: 30 * day, SafetyCoolDown: 7 * day,
		OfferTTL: 7 * day, LinkGrace: 90 * day, Wait: defaultWaits(), Keep: 2 * day, Remind: 2 * day, Notice: day,
		SlotsOffered: 3, SearchDays: 21, HorizonDays: 90, NoShowAfter: 4 * time.Hour,
		CallAttempts: 3, CallSafety: 4 * time.Hour, Call: day, Manager: day, NoSlot: 3 * day,
		MaxAttempts: 8, RetryAfter: time.Minute, Senders: 16, Answers: 3,
		SurveyAfter: 24 * time.Hour, ClaimTimeout: 2 * time.Minute,
		AnswerSafety: 15 * time.Minute, AnswerMobility: 4 * time.Hour, AnswerComfortDays: 1,
		ReadShare: 0.5, CloseWithin: 7 * day, Coupons: []CouponRule{}, GoodwillMost: 50,
		Rescue: defaultRescue(),
	}
}

// Validate reports all faults at once by field name, as ErrInvalid.
func (c Config) Validate() error {
	var faults []error
	check := func(ok bool, field, want string) {
		if !ok {
			faults = append(faults, fmt.Errorf("%w outreach.%s: want %s", presage.ErrInvalid, field, want))
		}
	}
	check(c.BaseURL != "", "base_url", "the address customers reach")
	check(c.QuietFrom >= 0 && c.QuietFrom < 24, "quiet_from", "0..23")
	check(c.QuietTo >= 0 && c.QuietTo < 24, "quiet_to", "0..23")
	check(c.Cap >= 0, "cap", "0 or more")
	check(c.CapWindow > 0, "cap_window", "a positive duration")
	check(min(c.CoolDown, c.SafetyCoolDown) >= 0, "cool_down", "0 or more")
	check(c.OfferTTL > 0 && c.LinkGrace >= 0, "offer_ttl", "a positive duration")
	check(c.Wait.valid(), "wait", "positive durations, safety no longer than mobility")
	check(min(c.Keep, c.Remind) >= 0, "keep", "0 or more")
	check(c.Notice >= 0, "notice", "0 or more")
	check(c.SlotsOffered >= 1 && c.SlotsOffered <= 9, "slots_offered", "1..9")
	check(c.SearchDays >= 1 && c.SearchDays <= 180, "search_days", "1..180")
	check(c.HorizonDays >= 1 && c.HorizonDays <= 366, "horizon_days", "1..366")
	check(c.NoShowAfter > 0, "no_show_after", "a positive duration")
	check(min(c.CallSafety, c.Call, c.Manager, c.NoSlot) > 0, "call", "a positive duration")
	check(c.MaxAttempts >= 1, "max_attempts", "1 or more")
	check(c.CallAttempts >= 1, "call_attempts", "1 or more")
	check(c.Senders >= 1, "senders", "1 or more")
	check(c.Answers >= 0, "answers", "0 or more")
	check(c.SurveyAfter >= 0, "survey_after", "0 or more")
	check(c.Rescue.valid(), "rescue", "positive durations")
	c.answers(check)
	check(min(c.RetryAfter, c.ClaimTimeout) > 0, "retry_after", "a positive duration")
	check(c.Policy.HoldOut >= 0 && c.Policy.HoldOut < 1, "policy.hold_out", "[0, 1)")
	return errors.Join(faults...)
}

// answers checks how soon persons answer.
func (c Config) answers(check func(ok bool, field, want string)) {
	check(c.AnswerSafety > 0, "answer_safety", "a positive duration")
	check(c.AnswerMobility > 0, "answer_mobility", "a positive duration")
	check(c.ReadShare > 0 && c.ReadShare <= 1, "read_share", "(0, 1]")
	check(c.CloseWithin > 0, "close_within", "a positive duration")
	check(c.AnswerComfortDays >= 1 && c.AnswerComfortDays <= 30, "answer_comfort_days", "1..30")
}

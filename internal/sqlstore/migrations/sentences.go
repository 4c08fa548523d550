package migrations

import (
	"regexp"
	"strings"

	"presage"
)

// sentences are those that outreach wrote before reasons were data, see 021_sentences.go.
type sentences struct {
	fixed map[string]presage.Reason
	forms []form
}

// form is how a sentence with arguments was written. Of its places, "words" is
// what a provider said itself, and "also" another sentence behind it.
type form struct {
	re     *regexp.Regexp
	code   string
	places []string
}

// event reads why a case went from one state to another. A sentence that
// is not known is kept as a note, and as the adviser's words where it cancelled
// a visit.
func (s sentences) event(text, from, to string) presage.Reason {
	if kept := presage.ReasonOf(text); kept.Code != presage.WhyNote {
		return kept // nothing, or a reason already
	}
	plain, call := strings.CutSuffix(text, "; safety: an adviser calls")
	r, words := s.reasonOf(plain)
	switch {
	case r.IsZero() && from == string(presage.CaseBooked) && to == string(presage.CaseOffered):
		r = presage.Because(presage.WhyCancelled, "text", plain)
	case r.IsZero():
		r = presage.Because(presage.WhyNote, "text", plain)
	case words != "":
		r = r.With(presage.Because(presage.WhyNote, "text", words))
	}
	if call {
		r = r.With(presage.Because(presage.WhyCall))
	}
	return r
}

// message reads the error of a message in a state; the second result is
// what the provider said itself.
func (s sentences) message(text, state string) (presage.Reason, string) {
	r, words := s.reasonOf(text)
	switch {
	case !r.IsZero():
		return r, words
	case state == string(presage.MessageSuppressed):
		return presage.Because(presage.WhyNote, "text", text), ""
	case state == string(presage.MessageFailed):
		return presage.Because(presage.WhyRefused), text
	}
	return presage.Because(presage.WhyTryAgain), text
}

// reasonOf reads a sentence, and what a provider said in it. The zero reason
// when it is not known.
func (s sentences) reasonOf(text string) (presage.Reason, string) {
	if r, known := s.fixed[text]; known {
		return r, ""
	}
	for _, p := range s.forms {
		found := p.re.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		var pairs []string
		var also presage.Reason
		var words string
		for i, name := range p.places {
			switch value := found[i+1]; {
			case value == "":
			case name == "words":
				words = value
			case name == "also":
				also = s.fixed[value]
			default:
				pairs = append(pairs, name, value)
			}
		}
		r := presage.Because(p.code, pairs...)
		if !also.IsZero() {
			r = r.With(presage.Because(also.Code)).With(also.And...)
		}
		return r, words
	}
	return findings(text), ""
}

// fixedSentences are those that were always the same.
func fixedSentences() map[string]presage.Reason {
	one, call := func(code string) presage.Reason { return presage.Because(code) }, presage.Because(presage.WhyCall)
	return map[string]presage.Reason{
		"arrived":                           one(presage.WhyArrived),
		"nothing found":                     one(presage.WhyNoFinding),
		"result recorded":                   one(presage.WhyRecorded),
		"reply not understood":              one(presage.WhyNotUnderstood),
		"no answer until the offer ran out": one(presage.WhyNoAnswer),
		"safety, no answer until the offer ran out: " +
			"call the customer": one(presage.WhyNoAnswer).With(call),
		"nobody came to the visit: call the customer":        one(presage.WhyNoShow).With(call),
		"no free slot could be offered in time":              one(presage.WhyNoSlot),
		"the workshop has not reported the result":           one(presage.WhyNoResult),
		"no channel with consent":                            one(presage.WhyNoChannel),
		"no message channel with consent: call the customer": one(presage.WhyNoChannel).With(call),
		"no channel is left: call the customer":              one(presage.WhyChannelsEnd).With(call),
		"all components measure as renewed":                  one(presage.WhyRenewed),
		"the car has another owner":                          one(presage.WhyNewOwner),
		"cancelled in the console":                           one(presage.WhyCancelled),
		"cancelled by the customer":                          one(presage.WhyCancelled),
		"again after an earlier case: call the customer":     one(presage.WhyAfterCase).With(call),
		"safety, due again after an earlier case ended without a repair: " +
			"call the customer": one(presage.WhyDueAgain).With(call),

		"frequency cap":           one(presage.WhyCapped),
		"the offer has run out":   one(presage.WhyOfferExpired),
		"the offer was answered":  one(presage.WhyOfferAnswered),
		"the offer was opened":    one(presage.WhyOfferOpened),
		"the booking is gone":     one(presage.WhyBookingGone),
		"the visit has begun":     one(presage.WhyVisitBegun),
		"the customer is unknown": one(presage.WhyNoCustomer),
	}
}

func forms() []form {
	const instant, also = `(\d{4}-\d\d-\d\dT\S+Z)`, `(?:; (again after an earlier case: call the customer|` +
		`no message channel with consent: call the customer|no channel with consent))?`
	return []form{
		{sentence(`hold-out: draw (\S+) below (\S+)`), presage.WhyWithheld, []string{"draw", "share"}},
		{sentence(`(\S+) due, cheapest visit in (\d+) days`), presage.WhyDue, []string{"component", "days"}},
		{sentence(`now also due: (\S+)`), presage.WhyNowDue, []string{"component"}},
		{sentence(`(\d+) slots offered by (\w+)`), presage.WhyOffered, []string{"slots", "channel"}},
		{sentence(`booked for ` + instant + ` via (\w+)`), presage.WhyBooked, []string{"start", "via"}},
		{sentence(`moved to ` + instant), presage.WhyMoved, []string{"to"}},
		{sentence(`declined by the customer(?:: (.*))?`), presage.WhyDeclined, []string{"text"}},
		{sentence(`(\w+ STOP)`), presage.WhyStopped, []string{"source"}},
		{sentence(`(\S+): .* is over since ` + instant), presage.WhyAlertOver, []string{"rule", "since"}},
		{
			sentence(`(\S+): .* \((\S+) ([^()]*)\) since ` + instant + also), presage.WhyAlert,
			[]string{"rule", "value", "unit", "since", "also"},
		},
		{sentence(`(\S+): .* (\S+) since ` + instant + also), presage.WhyAlert, []string{"rule", "code", "since", "also"}},

		{sentence(`no consent for (\w+)`), presage.WhyNoConsent, []string{"channel"}},
		{sentence(`the case is (\w+)`), presage.WhyCaseIs, []string{"state"}},
		{sentence(`the booking is (\w+)`), presage.WhyBookingIs, []string{"state"}},
		{sentence(`channel (\w+) is not configured`), presage.WhyNoProvider, []string{"channel"}},
		{sentence(`given up: (.*)`), presage.WhyGivenUp, []string{"words"}},
		{sentence(`outcome unknown: (.*)`), presage.WhyOutcomeUnknown, []string{"words"}},
		{sentence(`the customer opted out at the provider(?:: (.*))?`), presage.WhyOptedOut, []string{"words"}},
		{sentence(`the provider keeps quiet hours(?:: (.*))?`), presage.WhyProviderQuiet, []string{"words"}},
	}
}

func sentence(form string) *regexp.Regexp { return regexp.MustCompile(`(?s)^` + form + `$`) }

// findings reads "component outcome, component outcome ...".
func findings(text string) presage.Reason {
	var all []presage.Reason
	for each := range strings.SplitSeq(text, ", ") {
		found := regexp.MustCompile(`^(\S+) (confirmed|worn_not_due|no_fault_found|replaced_elsewhere|failed)$`).
			FindStringSubmatch(each)
		if found == nil {
			return presage.Reason{}
		}
		all = append(all, presage.Because(presage.WhyFinding, "component", found[1], "outcome", found[2]))
	}
	return all[0].With(all[1:]...)
}

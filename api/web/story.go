package web

import (
	"strconv"
	"strings"
	"time"

	"presage"
)

// story tells why a case changed in the reader's words. The stages write their
// reasons in plain English with component keys in them; what is not recognised
// is shown as it was written.
func (p speaker) story(why, zone string) string {
	plain, safety := strings.CutSuffix(why, "; safety: an adviser calls")
	for _, tell := range []func(string, string) (string, bool){
		p.knownReason, p.dueReason, p.offeredReason, p.timedReason, p.declinedReason, p.foundReason,
	} {
		text, ok := tell(plain, zone)
		if ok && safety {
			text += p.text("story.adviser_calls")
		}
		if ok {
			return text
		}
	}
	return why
}

// reasonKeys are reasons that are always the same words.
func reasonKeys() map[string]string {
	return map[string]string{
		"arrived":                           "story.arrived",
		"result recorded":                   "story.recorded",
		"nothing found":                     "story.nothing",
		"reply not understood":              "story.reply",
		"no answer until the offer ran out": "story.no_answer",
		"nobody came to the visit: call the customer":                                       "story.no_show",
		"no free slot could be offered in time":                                             "story.no_slot",
		"the workshop has not reported the result":                                          "story.no_result",
		"no channel with consent":                                                           "story.no_channel",
		"no message channel with consent: call the customer":                                "story.no_channel_call",
		"no channel is left: call the customer":                                             "story.no_channel_left",
		"all components measure as renewed":                                                 "story.renewed",
		"safety, no answer until the offer ran out: call the customer":                      "story.safety_no_answer",
		"safety, due again after an earlier case ended without a repair: call the customer": "story.safety_again",
		"link STOP":                 "story.stop",
		"sms STOP":                  "story.stop",
		"push STOP":                 "story.stop",
		"outbox STOP":               "story.stop",
		"frequency cap":             "story.cap",
		"cancelled in the console":  "story.cancelled",
		"cancelled by the customer": "story.cancelled_customer",
	}
}

func (p speaker) knownReason(why, _ string) (string, bool) {
	if key, ok := reasonKeys()[why]; ok {
		return p.text(key), true
	}
	switch {
	case strings.HasPrefix(why, "hold-out:"):
		return p.text("story.holdout"), true
	case strings.HasPrefix(why, "no consent for "):
		return p.text("story.no_channel"), true
	}
	if id, ok := strings.CutPrefix(why, "now also due: "); ok {
		return p.text("story.also_due", p.componentName(presage.ComponentID(id))), true
	}
	return "", false
}

// dueReason reads "<component> due, cheapest visit in <n> days".
func (p speaker) dueReason(why, _ string) (string, bool) {
	id, rest, ok := strings.Cut(why, " due, cheapest visit in ")
	n, err := strconv.Atoi(strings.TrimSuffix(rest, " days"))
	if !ok || err != nil {
		return "", false
	}
	name := p.componentName(presage.ComponentID(id))
	switch n {
	case 0:
		return p.text("story.due_today", name), true
	case 1:
		return p.text("story.due_tomorrow", name), true
	}
	return p.text("story.due", name, n), true
}

// offeredReason reads "<n> slots offered by <channel>".
func (p speaker) offeredReason(why, _ string) (string, bool) {
	count, channel, ok := strings.Cut(why, " slots offered by ")
	n, err := strconv.Atoi(count)
	if !ok || err != nil {
		return "", false
	}
	return p.text("story.offered", n, p.text("channel."+channel)), true
}

// timedReason reads "booked for <time> via <channel>" and "moved to <time>".
func (p speaker) timedReason(why, zone string) (string, bool) {
	key := "story.moved"
	rest, ok := strings.CutPrefix(why, "moved to ")
	if !ok {
		key = "story.booked"
		if rest, ok = strings.CutPrefix(why, "booked for "); !ok {
			return "", false
		}
	}
	stamp, _, _ := strings.Cut(rest, " ")
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return "", false
	}
	return p.text(key, p.dayIn(at, zone)+" "+p.timeIn(at, zone)), true
}

// declinedReason reads "declined by the customer[: <why>]".
func (p speaker) declinedReason(why, _ string) (string, bool) {
	rest, ok := strings.CutPrefix(why, "declined by the customer")
	if !ok {
		return "", false
	}
	said := strings.TrimPrefix(rest, ": ")
	if said == "" {
		return p.text("story.declined"), true
	}
	if p.site.wording.Has("decline." + said) {
		said = p.text("decline." + said)
	}
	return p.text("story.declined_as", said), true
}

// foundReason reads "<component> <outcome>[, <component> <outcome>]...".
func (p speaker) foundReason(why, _ string) (string, bool) {
	var parts []string
	for each := range strings.SplitSeq(why, ", ") {
		id, outcome, ok := strings.Cut(each, " ")
		if !ok || !p.site.wording.Has("outcome."+outcome) {
			return "", false
		}
		parts = append(parts, p.text("story.found", p.componentName(presage.ComponentID(id)), p.text("outcome."+outcome)))
	}
	return strings.Join(parts, p.text("explain.join")), len(parts) > 0
}

// meaning says how a customer's reply was understood.
func (p speaker) meaning(m string) string {
	if n, ok := strings.CutPrefix(m, "slot:"); ok {
		return p.text("meaning.slot", n)
	}
	return p.text("meaning." + m)
}

// bay keeps of a bay's key what is painted over its door: "sh1-bay-2" is "2".
func bay(id string) string {
	if _, name, ok := strings.Cut(id, "bay-"); ok && name != "" {
		return name
	}
	return id
}

// shortLink keeps a message readable: the signed link in it is cut after a few characters.
func shortLink(body, link string) string {
	const keep = 10
	i := strings.LastIndexByte(link, '/')
	if i < 0 || len(link) < i+1+keep {
		return body
	}
	short := strings.TrimPrefix(strings.TrimPrefix(link[:i+1+keep], "https://"), "http://")
	return strings.ReplaceAll(body, link, short+"…")
}

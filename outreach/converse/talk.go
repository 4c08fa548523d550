package converse

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"presage"
	"presage/internal/wording"
	"presage/outreach/contact"
	"presage/outreach/reply"
	"presage/outreach/visit"
)

// talk is a case that a text may be about: the last message about it that really
// left for the sender, with the offer that this message spoke of.
type talk struct {
	told    presage.Message
	file    visit.CaseFile
	current bool // no other offer was made since
}

// talks lists what can be answered, by the last message of each case, the newest
// first: the last over the channel of the answer, or, where that has told
// nothing of the case, over any. A case that has ended counts only while nothing
// newer was said of its car. A car that somebody else owns by now is not the
// sender's to speak of.
func (l *Listener) talks(ctx context.Context, cs []presage.Customer, channel presage.ChannelName) ([]talk, error) {
	last, err := l.lastTold(ctx, cs, channel)
	if err != nil {
		return nil, err
	}
	var list []talk
	for _, m := range last {
		f, current, err := l.Files.ByMessage(ctx, m)
		if errors.Is(err, presage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		older := slices.ContainsFunc(list, func(t talk) bool { return t.file.Vehicle.VIN == m.VIN })
		if !f.Lost() && (!older || !f.Case.State.Ended()) {
			list = append(list, talk{m, f, current})
		}
	}
	return list, nil
}

// lastTold are the last messages of each case, the newest first: over a channel,
// or over any where that one has told nothing of the case.
func (l *Listener) lastTold(ctx context.Context, cs []presage.Customer, channel presage.ChannelName,
) ([]presage.Message, error) {
	ids := make([]string, len(cs))
	for i, c := range cs {
		ids[i] = c.ID
	}
	last, err := l.Store.LastSent(ctx, ids, channel)
	if err != nil {
		return nil, err
	}
	others, err := l.Store.LastSent(ctx, ids, "")
	if err != nil {
		return nil, err
	}
	for _, m := range others {
		same := func(k presage.Message) bool { return k.CaseID == m.CaseID && k.CustomerID == m.CustomerID }
		if !slices.ContainsFunc(last, same) {
			last = append(last, m)
		}
	}
	slices.SortStableFunc(last, func(a, b presage.Message) int { return b.SentAt.Compare(a.SentAt) })
	return last, nil
}

// heard is what a text was taken to mean, about which car.
type heard struct {
	meaning reply.Meaning
	own     string // the text without what it quotes of ours
	about   *talk
	several []talk // between which the sender has to choose
}

// understand reads a text against what its sender was told. Who names a car and
// no wish, after we asked for the car, repeats the wish that made us ask.
func (l *Listener) understand(ctx context.Context, cs []presage.Customer, talks []talk, text string) (heard, error) {
	text, quoted := unquoted(text, talks)
	if quoted && text == "" {
		return heard{meaning: reply.Meaning{Kind: reply.Automatic}}, nil // our own words came back
	}
	asked := len(talks) > 0 && talks[0].told.Kind == string(wording.Which)
	said, rest := named(talks, text, asked)
	h := heard{meaning: reply.Read(rest, l.situation(said)).Sure(), own: text}
	whole := reply.Read(text, l.situation(talks)).Sure()
	if len(talks) == 0 || whole.Kind == reply.Stop || whole.Kind == reply.Start {
		h.meaning = whole
	}
	if asked && len(said) < len(talks) && wishless(rest) {
		before, err := l.before(ctx, cs)
		if err != nil {
			return h, err
		}
		h.meaning = reply.Read(before.Text, l.situation(said)).Sure()
	}
	h.meaning = suspect(h.meaning, whole)
	if err := l.remember(ctx, cs, said, &h.meaning); err != nil {
		return h, err
	}
	h.about, h.several = meant(said, talks, h.meaning.Kind)
	return h, nil
}

// suspect is a meaning that may be an opt-out also where only the whole text may be.
func suspect(m, whole reply.Meaning) reply.Meaning {
	m.MayStop = m.MayStop || whole.MayStop
	return m
}

// wishless tells that nothing is asked for beside the car: "the Aurora, please".
func wishless(rest string) bool {
	k := reply.ByRule(rest, reply.Context{Slots: 3}).Kind
	return brief(rest) && (k == reply.Unknown || k == reply.Thanks || k == reply.Yes)
}

// remember gives a yes to "did another workshop do this" the day that was told
// before we asked.
func (l *Listener) remember(ctx context.Context, cs []presage.Customer, said []talk, m *reply.Meaning) error {
	x := l.situation(said)
	if x.Asked != reply.AskedDone || Plan(*m, x) != Close || m.Kind == reply.Sold {
		return nil
	}
	told, err := l.before(ctx, cs)
	if err != nil {
		return err
	}
	x.Asked, x.Now = "", told.At.In(x.Now.Location())
	m.Past = reply.Read(told.Text, x).Past
	return nil
}

// before is the text that made us ask back.
func (l *Listener) before(ctx context.Context, cs []presage.Customer) (presage.Reply, error) {
	var last presage.Reply
	for _, c := range cs {
		r, err := l.Store.LastReply(ctx, c.ID)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return last, fmt.Errorf("reply: %w", err)
		}
		if r.At.After(last.At) {
			last = r
		}
	}
	return last, nil
}

// situation is what a text is read against now.
func (l *Listener) situation(talks []talk) reply.Context {
	x := situation(talks)
	if len(talks) > 0 {
		x.Now = l.Now().In(contact.ZoneOf(talks[0].file.Workshop.Zone))
	}
	return x
}

// situation is what a text answers.
func situation(talks []talk) reply.Context {
	x := reply.Context{Slots: 3}
	for i, t := range talks {
		x.Booked = x.Booked || t.file.Booking != nil
		x.Withdrawn = x.Withdrawn || t.file.Case.State == presage.CaseOpen
		if i > 0 || len(t.file.Offer.Slots) == 0 {
			continue
		}
		x.Slots = len(t.file.Offer.Slots)
		for _, s := range t.file.Offer.Slots {
			x.Times = append(x.Times, s.Start.In(contact.ZoneOf(t.file.Workshop.Zone)))
		}
	}
	if len(talks) > 0 {
		ask(&x, wording.Kind(talks[0].told.Kind))
	}
	return x
}

// ask notes what our last message asked.
func ask(x *reply.Context, told wording.Kind) {
	switch told {
	case wording.Repaired:
		x.Asked = reply.AskedDone
	case wording.Times:
		x.Asked = reply.AskedWish
	case wording.Later:
		x.AskedWhen = true
	case wording.Unclear, wording.Choose, wording.Help, wording.Adviser, wording.FaultTold, presage.KindPersonal:
		x.AskedBefore = true
	default:
	}
}

// meant finds the car that a wish is about: the only one for which it makes
// sense, or the one that was told last where that leaves no doubt. several are
// those between which the sender has to choose.
func meant(said, talks []talk, wish reply.Kind) (t *talk, several []talk) {
	for _, states := range fitting(wish) {
		fits := slices.DeleteFunc(slices.Clone(said), func(t talk) bool {
			return !slices.Contains(states, t.file.Case.State)
		})
		fits = oneEach(fits, wish)
		switch {
		case len(fits) == 0:
		case len(fits) == 1 || !asks(wish) || plain(fits, talks[0], wish):
			return &fits[0], nil
		default:
			return nil, fits
		}
	}
	return nil, nil
}

// oneEach keeps one case of each car: of a visit and another need beside it the
// visit for CANCEL, the offer for NO, else what was told last.
func oneEach(fits []talk, wish reply.Kind) []talk {
	prefer := map[reply.Kind]presage.CaseState{reply.No: presage.CaseOffered, reply.Cancel: presage.CaseBooked}[wish]
	var list []talk
	for _, t := range fits {
		i := slices.IndexFunc(list, func(k talk) bool { return k.file.Vehicle.VIN == t.file.Vehicle.VIN })
		switch {
		case i < 0:
			list = append(list, t)
		case t.file.Case.State == prefer && list[i].file.Case.State != prefer:
			list[i] = t
		}
	}
	return list
}

// plain tells that a wish answers the last message of all: it was about the
// first of those that fit, and the others are at another stage. By NO no visit
// is given up that way, and by CANCEL nothing but a visit. What was put off is not
// taken up again that way: the text that says so has no numbers.
func plain(fits []talk, last talk, wish reply.Kind) bool {
	first := fits[0].file.Case
	same := func(t talk) bool { return t.file.Case.State == first.State }
	if fits[0].file.Vehicle.VIN != last.file.Vehicle.VIN || slices.ContainsFunc(fits[1:], same) {
		return false
	}
	switch wish {
	case reply.No:
		return first.State == presage.CaseOffered
	case reply.Cancel:
		return first.State == presage.CaseBooked
	case reply.Slot, reply.Yes:
		return first.State != presage.CaseOpen
	default:
		return true
	}
}

// asks tells whether a wish changes something, so that the wrong car would hurt.
func asks(wish reply.Kind) bool {
	switch wish {
	case reply.Slot, reply.Yes, reply.No, reply.Cancel, reply.Reschedule, reply.Done, reply.Sold, reply.Broken:
		return true
	default:
		return false
	}
}

// fitting lists the states of cases that a wish can be about, the likeliest first.
func fitting(wish reply.Kind) [][]presage.CaseState {
	offered, open := presage.CaseOffered, presage.CaseOpen // open: withdrawn, or put off
	booked, escalated := presage.CaseBooked, presage.CaseEscalated
	over := []presage.CaseState{presage.CaseDeclined, presage.CaseExpired}
	switch wish {
	case reply.Slot:
		return [][]presage.CaseState{{offered, open}, {escalated}, {booked}, over}
	case reply.Yes, reply.No, reply.Reschedule:
		return [][]presage.CaseState{{offered, booked, open}, {escalated}, over}
	case reply.Cancel:
		return [][]presage.CaseState{{offered, booked}, {escalated}, {open}}
	default:
		return [][]presage.CaseState{
			{offered, booked, open, escalated, presage.CaseArrived}, append(over, presage.CaseSuppressed),
		}
	}
}

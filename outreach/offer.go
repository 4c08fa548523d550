package outreach

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
)

// offer proposes slots near the cheapest day and plans one message a channel:
// the next channel speaks only when the one before stayed unanswered, which is
// checked when its message comes up. Without a free slot the case stays open
// and is tried again by the next pass, until its deadline hands it to an adviser.
func (s *Service) offer(ctx context.Context, c presage.Case, x subject, rep *DecideReport) error {
	now := s.now()
	w, err := s.store.Workshop(ctx, c.WorkshopID)
	if err != nil {
		return err
	}
	plan, err := s.visitFor(c.Components, x.prognoses)
	if err != nil {
		return err
	}
	alerts, err := s.alertsOf(ctx, c.VIN)
	if err != nil {
		return err
	}
	plan.tell(about(c, alerts))
	slots, err := s.freeSlots(ctx, w, plan, c.VisitBy)
	if err != nil {
		return err
	}
	if len(slots) == 0 {
		rep.NoSlot++
		return nil
	}
	if len(s.route(x.customer)) == 0 { // consent went between the case and its offer
		return s.silence(ctx, c, "no channel with consent")
	}
	zone := zoneOf(x.customer.Zone)
	o := presage.Offer{
		ID: id("o", c.ID, instant(now)), CaseID: c.ID, VIN: c.VIN, CreatedAt: now, ExpiresAt: now.Add(s.cfg.OfferTTL),
		Slots: slots,
		Reason: presage.Text{
			ZH: wording.Reason(presage.Chinese, plan.lines, zone),
			EN: wording.Reason(presage.English, plan.lines, zone),
		},
	}
	facts := s.facts(x.customer, x.vehicle, w, plan)
	facts.Slots, facts.Link = slots, s.linkOf(o)
	deadline := o.ExpiresAt
	if urgent(c, alerts) {
		deadline = now.Add(callWithin(presage.Safety)) // then a person calls; the offer still stands
	}
	ms, err := s.offerMessages(c, o, x.customer, facts, urgent(c, alerts))
	if err != nil {
		return err
	}
	ev := presage.CaseEvent{
		CaseID: c.ID, At: now, Who: "policy", From: presage.CaseOpen, To: presage.CaseOffered,
		Why: fmt.Sprintf("%d slots offered by %s", len(slots), ms[0].Channel),
	}
	if err := s.store.CreateOffer(ctx, o, ms, deadline, ev); err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	rep.Offers++
	return nil
}

// freeSlots chooses the slots of an offer: after the notice time and the parts' arrival.
func (s *Service) freeSlots(ctx context.Context, w presage.Workshop, v visit, target time.Time,
) ([]presage.Slot, error) {
	now := s.now()
	x, err := s.supplyOf(ctx, w.DepotID, v.parts, now)
	if err != nil {
		return nil, err
	}
	return s.near(ctx, w, v, latest(now.Add(s.cfg.Notice), x.ready(now)), target)
}

// urgentSilence is Config.Silence where a safety-critical alert stands.
const urgentSilence = time.Hour

// offerMessages plans one message a channel; at once, and with short silences, when now is set.
func (s *Service) offerMessages(c presage.Case, o presage.Offer, customer presage.Customer, f wording.Facts, now bool,
) ([]presage.Message, error) {
	var ms []presage.Message
	at, silence := o.CreatedAt, s.cfg.Silence
	if now {
		silence = min(silence, urgentSilence)
	}
	for _, name := range s.route(customer) {
		if !now {
			at = s.cfg.quietUntil(at, zoneOf(customer.Zone))
		}
		m, err := s.message(wording.Offer, f, draft{
			about: o.ID, c: c, offerID: o.ID, customer: customer, channel: name, at: at,
		})
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
		at = at.Add(silence)
	}
	return ms, nil
}

// facts are what every text about a visit may speak of.
func (s *Service) facts(customer presage.Customer, v presage.Vehicle, w presage.Workshop, p visit) wording.Facts {
	return wording.Facts{
		Sender: s.cfg.Sender, Customer: customer, Vehicle: v, Lines: p.lines, Jobs: p.jobs,
		Price: p.price, Duration: p.duration, Workshop: w,
	}
}

// draft is where a message goes and what it is about.
type draft struct {
	about    string // the thing that makes it unique: offer, booking or reply
	c        presage.Case
	offerID  string
	customer presage.Customer
	channel  presage.ChannelName
	at       time.Time // not before
}

// message writes a planned message. Its key says kind, thing and channel, so
// that planning it twice plans it once.
func (s *Service) message(kind wording.Kind, f wording.Facts, d draft) (presage.Message, error) {
	text, err := s.texts.Write(kind, f)
	if err != nil {
		return presage.Message{}, err
	}
	now := s.now()
	key := messageKey(string(kind), d.about, d.channel)
	lang := presage.English
	if d.customer.Lang == presage.Chinese {
		lang = presage.Chinese
	}
	return presage.Message{
		ID: id("m", key), Key: key, CaseID: d.c.ID, OfferID: d.offerID, VIN: d.c.VIN, CustomerID: d.customer.ID,
		Kind: string(kind), Channel: d.channel, Lang: lang, Title: text.Title, Body: text.Body, Link: f.Link,
		Safety: d.c.Severity == presage.Safety, State: presage.MessagePlanned, NotBefore: d.at,
		CreatedAt: now, UpdatedAt: now,
	}, nil
}

func messageKey(kind, about string, channel presage.ChannelName) string {
	return kind + "/" + about + "/" + string(channel)
}

// linkOf is the signed booking page of an offer.
func (s *Service) linkOf(o presage.Offer) string { return s.links.URL(s.tokenOf(o)) }

func (s *Service) tokenOf(o presage.Offer) string {
	return s.links.Sign(o.ID, o.ExpiresAt.Add(s.cfg.LinkGrace))
}

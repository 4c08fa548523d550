package contact

import (
	"strconv"
	"strings"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/calendar"
	"presage/outreach/casework"
	"presage/outreach/link"
	"presage/outreach/rules"
)

// Texts writes a message of a kind.
type Texts interface {
	Write(k wording.Kind, f wording.Facts) (wording.Text, error)
}

// Planner writes messages to be sent later, each at most once.
type Planner struct {
	Directory
	Rules rules.Current
	Links *link.Signer
	Texts Texts
	// Calendar knows where customers are, and holidays there.
	Calendar *calendar.Calendar
	Now      func() time.Time
}

// Quiet are the hours in which a customer is not written to, whatever it is about.
func (p *Planner) Quiet(c presage.Customer) Quiet {
	r := p.Rules()
	return Quiet{From: r.QuietFrom, To: r.QuietTo, Places: p.Calendar.Places(c, r.Elsewhere)}
}

// QuietFor is Quiet for what the customer has not asked for: holidays count, but
// not for safety, nor where it is never quiet.
func (p *Planner) QuietFor(c presage.Customer, about presage.Purpose) Quiet {
	r := p.Rules()
	return QuietOf(r, p.Calendar, p.Calendar.Places(c, r.Elsewhere), about)
}

// Sender signs every text about a car: the name of its brand, else the service's.
func (p *Planner) Sender(car presage.Vehicle) presage.Text {
	r := p.Rules()
	if brand, ok := r.Brands[strings.ToLower(car.Make)]; ok {
		return brand
	}
	return r.Sender
}

// Draft is where a message goes and what it is about.
type Draft struct {
	About    string // the thing that makes it unique: offer, booking or reply
	Case     presage.Case
	OfferID  string
	Customer presage.Customer
	Partner  string // the workshop that reads it instead of a customer, "" for none
	Channel  presage.ChannelName
	At       time.Time // not before
	Again    int       // from 1: tells messages of one kind about one thing apart
}

// Message writes a planned message. Its key says kind, thing and channel, so
// that planning it twice plans it once.
func (p *Planner) Message(kind wording.Kind, f wording.Facts, d Draft) (presage.Message, error) {
	text, err := p.Texts.Write(kind, f)
	if err != nil {
		return presage.Message{}, err
	}
	return p.Plan(string(kind), text, f.Link, d), nil
}

// Plan is Message for a text that is written already.
func (p *Planner) Plan(kind string, text wording.Text, link string, d Draft) presage.Message {
	now, key := p.Now(), MessageKey(kind, d.About, d.Channel)
	if d.Again > 0 {
		key += "/" + strconv.Itoa(d.Again)
	}
	return presage.Message{
		ID: casework.ID("m", key), Key: key, About: d.About, CaseID: d.Case.ID, OfferID: d.OfferID, VIN: d.Case.VIN,
		CustomerID: d.Customer.ID, WorkshopID: d.Partner, Kind: kind, Channel: d.Channel, Lang: LangOf(d.Customer),
		Title: text.Title, Body: bodyFor(d.Channel, text), Link: link, Safety: d.Case.Severity == presage.Safety,
		State: presage.MessagePlanned, NotBefore: d.At, CreatedAt: now, UpdatedAt: now,
	}
}

// bodyFor is a text as a channel carries it.
func bodyFor(channel presage.ChannelName, text wording.Text) string {
	switch channel {
	case presage.ChannelSMS:
		return text.SMS
	case presage.ChannelPush:
		return text.Push
	case presage.ChannelEmail:
		return text.Email
	default:
		return text.Body
	}
}

// MessageKey is the idempotency key of a message.
func MessageKey(kind, about string, channel presage.ChannelName) string {
	return kind + "/" + about + "/" + string(channel)
}

// AnswerAt is when a customer may be written to about what who did: at once
// about their own doing, outside quiet hours about anybody else's.
func (p *Planner) AnswerAt(who string, c presage.Customer) time.Time {
	if who == casework.ByCustomer {
		return p.Now()
	}
	return p.Quiet(c).Until(p.Now())
}

// Link is the signed booking page of an offer.
func (p *Planner) Link(o presage.Offer) string {
	return p.Links.URL(p.Links.Sign(o.ID, o.ExpiresAt.Add(p.Rules().LinkGrace)))
}

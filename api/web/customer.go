package web

import (
	"net/http"
	"slices"
	"time"

	"presage"
)

// What the customer's page shows at the most.
const (
	phoneTexts    = 40 // of each side
	customerCars  = 20
	customerCases = 20
	consentRows   = 10
)

// customerBody is a customer with their phone as we know it: what was pushed to
// it, the texts that went to and fro, and the e-mails.
type customerBody struct {
	presage.Customer
	Vehicles []presage.Vehicle
	Cases    []presage.Case
	Pushes   []presage.Message // newest first
	Texts    []phoneText       // newest first, as pushes are
	Mails    []presage.Message // newest first
	Allowed  []allowedRow
	Choices  []choice
	History  []presage.ConsentRecord // the newest first
	Who      signer
}

// phoneText is one text, ours or theirs.
type phoneText struct {
	At   time.Time
	Sent *presage.Message
	Got  *presage.Reply
}

// allowedRow is what a customer agreed to for one purpose.
type allowedRow struct {
	Purpose                presage.Purpose
	Push, SMS, Email, Call bool
}

func customer(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := customerBody{}
	var err error
	if b.Customer, err = s.Customers.Customer(ctx, r.Param("id")); err != nil {
		return err
	}
	b.Vehicles, err = s.Vehicles.Vehicles(ctx, presage.VehicleFilter{CustomerID: b.ID, Limit: customerCars})
	if err != nil {
		return err
	}
	if b.Cases, err = s.Cases.Cases(ctx, presage.CaseFilter{CustomerID: b.ID, Limit: customerCases}); err != nil {
		return err
	}
	messages, err := s.Messages.Messages(ctx, presage.MessageFilter{CustomerID: b.ID, Limit: phoneTexts})
	if err != nil {
		return err
	}
	replies, err := s.Messages.RepliesOf(ctx, b.ID, phoneTexts)
	if err != nil {
		return err
	}
	b.fill(messages, replies)
	for _, p := range presage.Purposes() {
		x := b.For(p).Consent
		b.Allowed = append(b.Allowed, allowedRow{p, x.Push, x.SMS, x.Email, x.Call})
	}
	if b.History, err = s.Customers.ConsentHistory(ctx, b.ID); err != nil {
		return err
	}
	b.History = b.History[:min(len(b.History), consentRows)]
	b.Choices, b.Who = choices(b.Consent.Preferred), r.signer()
	r.heed()
	return r.render(http.StatusOK, "customer", "vehicles", b.Name, b)
}

// fill sorts what was said onto the phone. What never left us is not on it.
func (b *customerBody) fill(messages []presage.Message, replies []presage.Reply) {
	for _, m := range messages {
		switch {
		case m.SentAt.IsZero() || m.Channel == presage.ChannelCall:
		case m.Channel == presage.ChannelPush:
			b.Pushes = append(b.Pushes, m)
		case m.Channel == presage.ChannelEmail:
			b.Mails = append(b.Mails, m)
		default:
			b.Texts = append(b.Texts, phoneText{At: m.SentAt, Sent: &m})
		}
	}
	for _, x := range replies {
		b.Texts = append(b.Texts, phoneText{At: x.At, Got: &x})
	}
	slices.SortStableFunc(b.Texts, func(x, y phoneText) int { return y.At.Compare(x.At) })
}

package apitest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"presage"
)

// addCases opens a case for each vehicle with something due and moves it somewhere.
func (w *World) addCases() {
	states := []presage.CaseState{
		presage.CaseOffered, presage.CaseBooked, presage.CaseOpen, presage.CaseArrived, presage.CaseOffered,
		presage.CaseEscalated, presage.CaseDone, presage.CaseBooked, presage.CaseDeclined,
	}
	n := 0
	for _, v := range w.vehicles {
		var due []presage.ComponentID
		for _, p := range w.prognoses[v.VIN] {
			if p.Status == presage.StatusDue || (len(due) > 0 && p.Status == presage.StatusWatch) {
				due = append(due, p.Component)
			}
		}
		if len(due) == 0 {
			continue
		}
		w.addCase(v, due, states[n%len(states)], n)
		n++
	}
	slices.Reverse(w.cases)
	slices.Reverse(w.messages)
}

func (w *World) addCase(v presage.Vehicle, due []presage.ComponentID, state presage.CaseState, n int) {
	opened := w.now.Add(-time.Duration(20+n%5*9) * time.Hour)
	first, _ := w.catalogue.Component(due[0])
	c := presage.Case{
		ID: fmt.Sprintf("K%06d", 1000+n), VIN: v.VIN, CustomerID: v.CustomerID, WorkshopID: v.WorkshopID,
		Components: due, Severity: first.Severity, State: state, Route: presage.RouteWorkshop, Owner: "outreach",
		OpenedAt: opened, UpdatedAt: opened.Add(4 * time.Hour), VisitBy: w.now.AddDate(0, 0, 6),
		FailWithin: presage.FailWithin{D7: .08, D30: .42, D60: .78, D90: .93}, Decision: decision(opened),
	}
	switch state {
	case presage.CaseEscalated:
		c.Owner = "adviser"
		c.DueAt = w.now.Add(-2 * time.Hour)
	case presage.CaseBooked, presage.CaseArrived:
		c.Owner = "workshop"
		c.DueAt = w.now.Add(30 * time.Hour)
	default:
		if !state.Ended() {
			c.DueAt = w.now.Add(26 * time.Hour)
		}
	}
	w.cases = append(w.cases, c)
	w.changes[c.ID] = []presage.CaseEvent{
		{CaseID: c.ID, At: opened, Who: "policy", To: presage.CaseOpen, Reason: w.begun(c)},
		{
			CaseID: c.ID, At: opened.Add(time.Hour), Who: "outreach", From: presage.CaseOpen, To: presage.CaseOffered,
			Reason: presage.Because(presage.WhyOffered, "slots", "3", "channel", "sms"),
		},
	}
	token := fmt.Sprintf("tok-%d", n)
	o := &offer{caseID: c.ID, state: presage.OfferOpen}
	o.Offer = presage.Offer{
		ID: "o-" + c.ID, CaseID: c.ID, VIN: v.VIN, CreatedAt: opened, ExpiresAt: w.now.AddDate(0, 0, 3),
		Reason: presage.Text{
			ZH: first.Name.ZH + "：实测已磨损 87%，每千公里 2.1%，预计 12月9日 至 12月24日 到限。",
			EN: first.Name.EN + ": measured 87 % worn, 2.1 % per 1,000 km, likely at the limit between 9 Dec and 24 Dec.",
		},
	}
	w.offers[token] = o
	w.addMessages(c, token)
	if state == presage.CaseBooked || state == presage.CaseArrived || state == presage.CaseDone {
		w.addBooking(c, n)
	}
}

// begun is why a case was opened: escalated ones by an alert an hour ago, the
// others by a prognosis.
func (w *World) begun(c presage.Case) presage.Reason {
	if c.State == presage.CaseEscalated {
		return presage.Because(presage.WhyAlert, "rule", insulationLost, "component", string(presage.HVBattery),
			"value", "42", "unit", "ohm/V", "since", w.now.Add(-time.Hour).Format(time.RFC3339)).
			With(presage.Because(presage.WhyCall))
	}
	return presage.Because(presage.WhyDue, "component", string(c.Components[0]), "days", "14")
}

func (w *World) addMessages(c presage.Case, token string) {
	cust := w.customers[c.CustomerID]
	text := presage.Text{
		ZH: "您好，您的 Lumen 前制动片预计三周内到限。为安全起见，建议到店更换。可选：1) 周二 09:00 2) 周三 14:00 3) 周四 10:30。回复数字即可预约，回复 TD 退订。",
		EN: "Your Lumen's front brake pads are likely to reach their limit within three weeks. Reply 1 Tue 09:00, 2 Wed 14:00, 3 Thu 10:30. STOP to opt out.",
	}
	m := presage.Message{
		ID: "m-" + c.ID, Key: c.ID, CaseID: c.ID, VIN: c.VIN, CustomerID: c.CustomerID, Kind: "offer",
		Channel: presage.ChannelSMS, Lang: cust.Lang, Body: text.In(cust.Lang), Link: "/b/" + token,
		State: presage.MessageDelivered, CreatedAt: c.OpenedAt, SentAt: c.OpenedAt.Add(time.Hour), NotBefore: c.OpenedAt,
	}
	if c.State == presage.CaseOpen {
		m.State, m.Reason, m.SentAt = presage.MessageSuppressed, presage.Because(presage.WhyCapped), time.Time{}
	}
	w.messages = append(w.messages, m)
	if c.State == presage.CaseOffered && len(w.replies) < 6 {
		reply := []presage.Reply{
			{Text: "2", Meaning: "slot:2"}, {Text: "can i come on sunday?"}, {Text: "好的", Meaning: "yes"},
		}[len(w.replies)%3]
		reply.ID, reply.At, reply.CustomerID, reply.CaseID = int64(len(w.replies)), w.now, c.CustomerID, c.ID
		w.replies = append(w.replies, reply)
	}
}

func (w *World) addBooking(c presage.Case, n int) {
	shop := w.workshops[0]
	for _, x := range w.workshops {
		if x.ID == c.WorkshopID {
			shop = x
		}
	}
	zone, _ := time.LoadLocation(shop.Zone)
	t := w.now.In(zone)
	start := time.Date(t.Year(), t.Month(), t.Day(), 9+n%8, 0, 0, 0, zone)
	b := presage.Booking{
		ID: "b-" + c.ID, CaseID: c.ID, VIN: c.VIN, CustomerID: c.CustomerID, WorkshopID: shop.ID,
		BayID: shop.Bays[n%3].ID, TechnicianID: shop.Technicians[n%2].ID, Start: start.UTC(), End: start.Add(time.Hour).UTC(),
		Jobs: []string{string(c.Components[0]) + "_replace"}, Parts: []presage.PartQuantity{{Part: "BP-F-2041", Quantity: 1}},
		State: presage.BookingConfirmed, Via: "link", CreatedAt: c.OpenedAt,
	}
	switch c.State {
	case presage.CaseArrived:
		b.State = presage.BookingArrived
	case presage.CaseDone:
		b.State = presage.BookingDone
	default:
	}
	w.bookings = append(w.bookings, b)
	w.changes[c.ID] = append(w.changes[c.ID], presage.CaseEvent{
		CaseID: c.ID, At: c.UpdatedAt, Who: "customer", From: presage.CaseOffered, To: presage.CaseBooked, Reason: presage.Because(presage.WhyBooked, "start", c.UpdatedAt.Format(time.RFC3339), "via", "link"),
	})
}

// decision is a cost curve with its minimum on day 6.
func decision(at time.Time) json.RawMessage {
	type point struct {
		Day       int   `json:"day"`
		Breakdown int64 `json:"breakdown"`
		Waste     int64 `json:"waste"`
		Visit     int64 `json:"visit"`
		Total     int64 `json:"total"`
		Open      bool  `json:"open"`
	}
	var curve []point
	for d := range 61 {
		x := float64(d)
		b := int64(320000 * (1 - math.Exp(-math.Pow(x/45, 2.2))))
		left := int64(14000 * math.Max(0, 1-x/26))
		curve = append(curve, point{d, b, left, 20000, b + left + 25000, d > 1})
	}
	raw, err := json.Marshal(map[string]any{
		"policy": "expected-cost/1", "day": 6, "currency": "CNY", "curve": curve, "input": map[string]any{"at": at, "draw": .5},
	})
	if err != nil {
		panic(err) // numbers and strings always marshal
	}
	return raw
}

// Case implements rest.Cases.
func (w *World) Case(_ context.Context, id string) (presage.Case, error) {
	c, err := find(w.cases, "case", func(c presage.Case) bool { return c.ID == id })
	return c, cmp.Or(err, w.Err)
}

// Cases implements rest.Cases.
func (w *World) Cases(_ context.Context, f presage.CaseFilter) ([]presage.Case, error) {
	var out []presage.Case
	seen := f.BeforeID == ""
	for _, c := range w.cases {
		if seen && len(out) < f.Limit && (f.State == "" || c.State == f.State) && (f.VIN == "" || c.VIN == f.VIN) && w.meant(c.VIN, f.Query) {
			out = append(out, c)
		}
		seen = seen || c.ID == f.BeforeID
	}
	return out, w.Err
}

// meant tells whether a text is part of what is known of a car.
func (w *World) meant(vin presage.VIN, text string) bool {
	i := slices.IndexFunc(w.vehicles, func(v presage.Vehicle) bool { return v.VIN == vin })
	if i < 0 {
		return text == ""
	}
	v, plate := w.vehicles[i], presage.Plate(text).Folded()
	return strings.Contains(strings.ToLower(string(v.VIN)+" "+v.Make+" "+v.Model), strings.ToLower(text)) ||
		plate != "" && strings.Contains(v.Plate.Folded(), plate)
}

// CaseEvents implements rest.Cases.
func (w *World) CaseEvents(_ context.Context, caseID string) ([]presage.CaseEvent, error) {
	return w.changes[caseID], w.Err
}

// Message implements rest.Messages.
func (w *World) Message(_ context.Context, id string) (presage.Message, error) {
	m, err := find(w.messages, "message", func(m presage.Message) bool { return m.ID == id })
	return m, cmp.Or(err, w.Err)
}

// Messages implements rest.Messages.
func (w *World) Messages(_ context.Context, f presage.MessageFilter) ([]presage.Message, error) {
	var out []presage.Message
	rows := w.messages
	if i := slices.IndexFunc(rows, func(m presage.Message) bool { return m.ID == f.BeforeID }); i >= 0 {
		rows = rows[i+1:]
	}
	for _, m := range rows {
		if len(out) < f.Limit && (f.CaseID == "" || m.CaseID == f.CaseID) && (f.State == "" || m.State == f.State) {
			out = append(out, m)
		}
	}
	return out, w.Err
}

// Replies implements rest.Messages.
func (w *World) Replies(context.Context, int) ([]presage.Reply, error) { return w.replies, w.Err }

// RepliesOf implements web.Messages.
func (w *World) RepliesOf(_ context.Context, customerID string, _ int) ([]presage.Reply, error) {
	others := func(r presage.Reply) bool { return r.CustomerID != customerID }
	return slices.DeleteFunc(slices.Clone(w.replies), others), w.Err
}

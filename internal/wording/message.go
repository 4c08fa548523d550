package wording

import (
	"fmt"
	"strings"
	"time"

	"presage"
)

// The keys of messages in the book begin so, and end in their Kind.
const (
	bodyOf  = "message.text."
	titleOf = "message.title."
)

// Kind names a text; it is also the kind of the message that carries it.
type Kind string

// The kinds.
const (
	Offer        Kind = "offer"
	Confirmation Kind = "confirmation"
	Reminder     Kind = "reminder"
	Joined       Kind = "joined" // more is done at a visit that is booked
	Cancellation Kind = "cancellation"
	Choose       Kind = "choose"  // another time was asked for
	Gone         Kind = "gone"    // the chosen slot was sold meanwhile
	Help         Kind = "help"    // what can be answered
	Adviser      Kind = "adviser" // a person will answer
	Which        Kind = "which"   // of several cars, which one is meant?
	Standing     Kind = "stands"  // a visit stands; how to change it
	Warning      Kind = "warning" // of an alert that a person calls about
)

// Facts is everything that a text may speak of. A kind uses what it needs.
type Facts struct {
	Sender   presage.Text
	Customer presage.Customer // its language and zone are the reader's
	Vehicle  presage.Vehicle
	Lines    []Line
	Jobs     []presage.Job
	Slots    []presage.Slot
	Start    time.Time // of the booking
	Price    presage.Money
	Duration time.Duration
	Workshop presage.Workshop
	Link     string
	Cars     []string // names of the reader's cars
}

// Text is a finished message.
type Text struct {
	Title    string
	Body     string
	SMS      string   // Body as an SMS carries it: see ForSMS
	Encoding Encoding // of SMS
	Segments int      // of SMS
}

// page is what the templates see: finished strings.
type page struct {
	Sender, Greeting, Car, Headline, Short, Jobs   string
	Told                                           string // what alerts mean and what to do
	Price, Duration, Workshop, Address, Time, Link string
	Cars                                           string
	Slots                                          []choice
}

type choice struct {
	Number int
	Time   string
}

// Write fills the text of a kind in the customer's language. Visits are told in
// the workshop's time, all else in the customer's.
// ErrInvalid when the zone is unknown.
func (b *Book) Write(k Kind, f Facts) (Text, error) {
	zone, err := time.LoadLocation(f.Customer.Zone)
	if err != nil {
		return Text{}, fmt.Errorf("%w customer %s: zone %q is unknown", presage.ErrInvalid, f.Customer.ID, f.Customer.Zone)
	}
	l := presage.English
	if f.Customer.Lang == presage.Chinese {
		l = presage.Chinese
	}
	p := facts(l, f, zone)
	title, err := b.fill(l, titleOf+string(k), p)
	if err != nil {
		return Text{}, err
	}
	body, err := b.fill(l, bodyOf+string(k), p)
	if err != nil {
		return Text{}, err
	}
	text := Text{Title: title, Body: body, SMS: ForSMS(body)}
	text.Encoding, text.Segments = Segments(text.SMS)
	return text, nil
}

func facts(l presage.Lang, f Facts, zone *time.Location) page {
	p := page{
		Sender: f.Sender.In(l), Greeting: greeting(l, f.Customer.Name), Car: Car(f.Vehicle, l),
		Price: priceOf(l, f.Price), Duration: Duration(l, f.Duration),
		Workshop: f.Workshop.Name.In(l), Address: f.Workshop.Address.In(l), Link: f.Link,
	}
	workshop, err := time.LoadLocation(f.Workshop.Zone)
	if err != nil || f.Workshop.Zone == "" {
		workshop = zone
	}
	p.Cars = strings.Join(f.Cars, comma(l))
	if !f.Start.IsZero() {
		p.Time = VisitTime(l, f.Start, workshop, zone)
	}
	for i, s := range f.Slots {
		p.Slots = append(p.Slots, choice{Number: i + 1, Time: VisitTime(l, s.Start, workshop, zone)})
	}
	var short, names, jobs, told []string
	for _, x := range f.Lines {
		if x.Alert != nil {
			told = append(told, x.Alert.Tell.In(l))
		}
		short = append(short, Short(l, x))
		names = append(names, x.Component.Name.In(l))
	}
	for _, j := range f.Jobs {
		jobs = append(jobs, j.Name.In(l))
	}
	space := " "
	if l == presage.Chinese {
		space = ""
	}
	p.Told = strings.Join(told, space)
	p.Short, p.Headline = strings.Join(short, comma(l)), strings.Join(names, comma(l))
	p.Jobs = strings.Join(jobs, " + ")
	return p
}

func comma(l presage.Lang) string {
	if l == presage.Chinese {
		return "，"
	}
	return ", "
}

// priceOf is empty for what costs nothing.
func priceOf(l presage.Lang, m presage.Money) string {
	if m.Minor == 0 {
		return ""
	}
	return Price(l, m)
}

// greeting uses the first name in English and the whole name in Chinese.
func greeting(l presage.Lang, name string) string {
	name = FirstName(name, l)
	switch {
	case name == "":
		return ""
	case l == presage.Chinese:
		return name + "您好，"
	}
	return name + ", "
}

// FirstName is how a customer is addressed: the first word in English, the
// whole name in Chinese.
func FirstName(name string, l presage.Lang) string {
	if first, _, found := strings.Cut(strings.TrimSpace(name), " "); found && l != presage.Chinese {
		return first
	}
	return strings.TrimSpace(name)
}

// Car names a vehicle as its owner would: make and model.
func Car(v presage.Vehicle, l presage.Lang) string {
	name := strings.TrimSpace(v.Make + " " + v.Model)
	if name != "" {
		return name
	}
	if l == presage.Chinese {
		return "爱车"
	}
	return "car"
}

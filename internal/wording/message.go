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
	pushOf  = "message.push." // a notification, which a tap opens: without name, link and numbers to reply
	emailOf = "message.email."
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
	Needless     Kind = "needless"     // a visit is cancelled: nothing is left to do
	Choose       Kind = "choose"       // another time was asked for
	Gone         Kind = "gone"         // the chosen slot was sold meanwhile
	Help         Kind = "help"         // what can be answered
	Adviser      Kind = "adviser"      // a person will answer
	Which        Kind = "which"        // of several cars, which one is meant?
	Standing     Kind = "stands"       // a visit stands; how to change it
	Cost         Kind = "price"        // what it costs
	Where        Kind = "where"        // the address
	Danger       Kind = "danger"       // what follows if nothing is done, and what to do now
	FaultTold    Kind = "fault"        // of a fault that the customer has felt: a person calls
	Lasts        Kind = "lasts"        // how long it takes
	Stay         Kind = "stay"         // what one may do meanwhile
	Source       Kind = "source"       // that it is us, about which car, and how we know
	Hours        Kind = "hours"        // when the workshop is open
	Later        Kind = "later"        // the offer waits
	Times        Kind = "times"        // free times near a wish, without numbers to reply
	Repaired     Kind = "repaired"     // is it done already?
	Closed       Kind = "closed"       // nothing more is offered
	Survey       Kind = "survey"       // how was the visit?
	Unclear      Kind = "unclear"      // what is wanted?
	Earlier      Kind = "earlier"      // a time before the visit is free
	Remote       Kind = "remote"       // the car is mended over the air
	Warning      Kind = "warning"      // of an alert that a person calls about
	Away         Kind = "away"         // the car stands further than its van comes
	RescueAsked  Kind = "rescue_asked" // the car stands still: help is asked for
	RescueComes  Kind = "rescue_comes" // ... is on the way
	RescueTowed  Kind = "rescue_towed" // ... has towed the car
	RescueOff    Kind = "rescue_off"   // ... is not needed any more
	RescueCall   Kind = "rescue_call"  // to the partner that is asked to come
	// To the partner: nobody has to come any more; the car stands somewhere else by now.
	RescueCallOff Kind = "rescue_call_off"
	RescuePlace   Kind = "rescue_place"
)

// Kinds lists them, in the order in which a customer meets them.
func Kinds() []Kind {
	return []Kind{
		Offer, Confirmation, Joined, Reminder, Away, Cancellation, Needless, Choose, Gone, Standing, Which, Help, Unclear,
		Adviser, Warning, Remote, Cost, Where, Hours, Danger, FaultTold, Lasts, Stay, Source, Later, Times, Earlier, Repaired,
		Closed, Survey,
		RescueAsked, RescueComes, RescueTowed, RescueOff, RescueCall, RescueCallOff, RescuePlace,
	}
}

// Rescues tells that a text is about a rescue: whoever stands at the road waits for it.
func (k Kind) Rescues() bool {
	return strings.HasPrefix(string(k), "rescue_")
}

// MaxSegments is how many SMS parts a text may need. What may be left out of a
// text is left out where it needs more.
const MaxSegments = 3

// Facts is everything that a text may speak of. A kind uses what it needs.
type Facts struct {
	Sender   presage.Text
	Customer presage.Customer // its language and zone are the reader's
	Vehicle  presage.Vehicle
	Lines    []Line
	Jobs     []presage.Job
	Slots    []presage.Slot
	Start    time.Time         // of the booking
	Price    presage.Money     // what the customer pays, without the discount
	Covered  bool              // the maker pays for all or a part of it
	Goodwill *presage.Goodwill // that is off the price already
	Coupon   string            // a code that the offer brings; "" for none
	Discount presage.Money     // what the coupon takes off the price
	Duration time.Duration
	Workshop presage.Workshop
	Van      bool // of the workshop comes to the car
	Link     string
	Cars     []string // names of the reader's cars
	// Again is when the customer is asked again, zero for not by itself; Sooner: than
	// they wished.
	Again  time.Time
	Sooner bool
	// AskWhen: the customer is asked when to ask again.
	AskWhen bool
	// Done is the day on which a repair is said to have been done; Around: near it.
	Done   time.Time
	Around bool
}

// Text is a finished message.
type Text struct {
	Title    string
	Body     string
	Push     string   // Body as a notification
	Email    string   // Body as an e-mail, whose subject is Title
	SMS      string   // Body as an SMS carries it: see ForSMS
	Encoding Encoding // of SMS
	Segments int      // of SMS
}

// Write fills the text of a kind in the customer's language. Visits are told in
// the workshop's time, all else in the customer's. Of a text that needs more than
// MaxSegments, what may be missing is left out step by step.
// ErrInvalid when the zone is unknown.
func (b *Book) Write(k Kind, f Facts) (Text, error) {
	v, err := viewOf(f)
	if err != nil {
		return Text{}, err
	}
	return b.write(k, v)
}

// viewOf is f as its customer reads it.
func viewOf(f Facts) (view, error) {
	zone, err := time.LoadLocation(f.Customer.Zone)
	if err != nil {
		return view{}, fmt.Errorf("%w customer %s: zone %q is unknown", presage.ErrInvalid, f.Customer.ID, f.Customer.Zone)
	}
	l := presage.English
	if f.Customer.Lang == presage.Chinese {
		l = presage.Chinese
	}
	workshop, err := time.LoadLocation(f.Workshop.Zone)
	if err != nil || f.Workshop.Zone == "" {
		workshop = zone
	}
	if f.Customer.Zone == "" { // not known: their workshop's is near enough
		zone = workshop
	}
	return view{Facts: f, lang: l, reader: zone, workshop: workshop}, nil
}

func (b *Book) write(k Kind, v view) (Text, error) {
	var text Text
	var err error
	if text.Title, err = b.fill(v.lang, titleOf+string(k), v.page()); err != nil {
		return Text{}, err
	}
	if text.Push, err = b.fill(v.lang, pushOf+string(k), v.page()); err != nil {
		return Text{}, err
	}
	if text.Email, err = b.email(k, v, text.Push); err != nil {
		return Text{}, err
	}
	for v.brief = whole; ; v.brief++ {
		if text.Body, err = b.fill(v.lang, bodyOf+string(k), v.page()); err != nil {
			return Text{}, err
		}
		text.SMS = ForSMS(text.Body)
		if text.Encoding, text.Segments = Segments(text.SMS); text.Segments <= MaxSegments || v.brief == shortest {
			return text, nil
		}
	}
}

// email is a text as an e-mail carries it. A kind that has none is told by its
// notification, with the link below.
func (b *Book) email(k Kind, v view, push string) (string, error) {
	if !b.Has(emailOf + string(k)) {
		return strings.TrimSpace(push + "\n\n" + v.Link), nil
	}
	text, err := b.fill(v.lang, emailOf+string(k), v.page())
	return strings.ReplaceAll(text, " \n", "\n"), err
}

// Footer stands before the link that ends e-mails.
func (b *Book) Footer() presage.Text { return b.texts["email.footer"] }

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
	case l == presage.Chinese:
		return name + "您好，"
	case name == "":
		return "Hello, "
	}
	return "Hello " + name + ", "
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

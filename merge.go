package presage

import "time"

// Merge is two records of one customer made one, and undone or not.
type Merge struct {
	ID       string    `json:"id"`
	Keep     string    `json:"keep"` // the customer that stayed
	Gone     string    `json:"gone"` // the one that was a duplicate of it
	Who      string    `json:"who"`
	At       time.Time `json:"at"`
	UndoneAt time.Time `json:"undone_at,omitzero"`
	UndoneBy string    `json:"undone_by,omitempty"`
}

// MergeWish asks for a merge.
type MergeWish struct {
	Keep, Gone, Who string
	At              time.Time
}

// Stricter is what both consents allow. It is what is left when two records turn out
// to be of one person: who said no to one of them said no.
func (c Consent) Stricter(o Consent) Consent {
	out := c.giving(c.given().both(o.given()))
	out.Stopped = c.Stopped.either(o.Stopped)
	out.Purposes = nil
	for _, p := range Purposes() {
		_, mine := c.Purposes[p]
		_, others := o.Purposes[p]
		if !mine && !others {
			continue
		}
		if out.Purposes == nil {
			out.Purposes = Limits{}
		}
		out.Purposes[p] = c.agreed(p).both(o.agreed(p))
	}
	return out
}

// agreed are the channels that the customer agreed to for a purpose.
func (c Consent) agreed(p Purpose) Channels {
	return Channels{
		Push: c.Agrees(p, ChannelPush), SMS: c.Agrees(p, ChannelSMS),
		Email: c.Agrees(p, ChannelEmail), Call: c.Agrees(p, ChannelCall),
	}
}

func (c Channels) both(o Channels) Channels {
	return Channels{Push: c.Push && o.Push, SMS: c.SMS && o.SMS, Email: c.Email && o.Email, Call: c.Call && o.Call}
}

func (c Channels) without(o Channels) Channels {
	return Channels{Push: c.Push && !o.Push, SMS: c.SMS && !o.SMS, Email: c.Email && !o.Email, Call: c.Call && !o.Call}
}

func (c Channels) either(o Channels) Channels {
	return Channels{Push: c.Push || o.Push, SMS: c.SMS || o.SMS, Email: c.Email || o.Email, Call: c.Call || o.Call}
}

// QualityCheck is something that can be wrong with a record of a customer or vehicle.
type QualityCheck string

// The checks. Those of Hint may well be right.
const (
	PhoneImpossible QualityCheck = "phone_impossible"
	PhoneMadeUp     QualityCheck = "phone_made_up"
	PhoneTwice      QualityCheck = "phone_twice"
	NameTwice       QualityCheck = "name_twice"
	EmailImpossible QualityCheck = "email_impossible"
	PlateTwice      QualityCheck = "plate_twice"
	OdometerUnknown QualityCheck = "odometer_unknown"
	VINCheckWrong   QualityCheck = "vin_check_digit"
	VINCheckOdd     QualityCheck = "vin_check_digit_odd"
)

// QualityChecks are all of them.
func QualityChecks() []QualityCheck {
	return []QualityCheck{
		PhoneImpossible, PhoneTwice, EmailImpossible, PlateTwice, OdometerUnknown, VINCheckWrong, NameTwice,
		PhoneMadeUp, VINCheckOdd,
	}
}

// Hint tells that what a check finds may well be right, and lowers no score: two
// people have one name, a demo's or a test's people have numbers that reach nobody on
// purpose, and most makers outside North America and China use the
// place of the check digit for something else.
func (q QualityCheck) Hint() bool { return q == NameTwice || q == PhoneMadeUp || q == VINCheckOdd }

// QualityFigure is how many records a check found, of those that it can be asked of.
type QualityFigure struct {
	Check QualityCheck `json:"check"`
	Found int          `json:"found"`
	Of    int          `json:"of"`
	Hint  bool         `json:"hint,omitempty"` // it lowers no score
}

// QualityReport is how good the records of one source are.
type QualityReport struct {
	Source    string          `json:"source"` // "" for those that no dealer's system knows
	Customers int             `json:"customers"`
	Vehicles  int             `json:"vehicles"`
	Score     float64         `json:"score"` // per cent of the records that have no fault
	Figures   []QualityFigure `json:"figures"`
}

// QualityRecord is one record behind a figure, masked.
type QualityRecord struct {
	Check      QualityCheck `json:"check"`
	Source     string       `json:"source"`
	Kind       string       `json:"kind"`
	ID         string       `json:"id"` // of a customer; a vehicle's is masked
	ExternalID string       `json:"external_id,omitempty"`
	Shown      string       `json:"shown"`           // what is wrong, masked
	Group      string       `json:"group,omitempty"` // the same for records that are alike
}

// QualityRow is a customer or a vehicle as the checks read it.
type QualityRow struct {
	Source, Kind, ID, ExternalID string
	Name                         string
	Phone                        Phone
	Email                        Email
	EmailBad                     bool
	Plate                        Plate
	Odometer                     bool // somebody knows how far it has been driven
}

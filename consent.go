package presage

import (
	"slices"
	"time"
)

// Purpose is what a customer is written to for. Consent is given by purpose and
// channel.
type Purpose string

// The purposes.
const (
	PurposeSafety    Purpose = "safety"    // something may become dangerous
	PurposeService   Purpose = "service"   // repairs, visits, service intervals
	PurposeMarketing Purpose = "marketing" // anything else that somebody would like to sell
)

// Purposes are all of them.
func Purposes() []Purpose { return []Purpose{PurposeSafety, PurposeService, PurposeMarketing} }

// Known tells whether p is one of the purposes.
func (p Purpose) Known() bool { return slices.Contains(Purposes(), p) }

// Purpose is what the customer is written to for about a case.
func (c Case) Purpose() Purpose { return purposeOf(c.Severity == Safety) }

// Purpose is what the customer is written to for by a message.
func (m Message) Purpose() Purpose { return purposeOf(m.Safety) }

func purposeOf(safety bool) Purpose {
	if safety {
		return PurposeSafety
	}
	return PurposeService
}

// For is the customer with the consent that counts for a purpose.
func (c Customer) For(p Purpose) Customer {
	c.Consent = c.Consent.giving(c.Consent.agreed(p))
	return c
}

// Agrees tells whether the customer agreed to a channel for a purpose. Without a
// word about the purpose the channel's own consent counts for safety and
// service, and there is none for marketing.
func (c Consent) Agrees(p Purpose, channel ChannelName) bool {
	given := c.Has(channel) && !c.excludes(p, channel)
	limits, said := c.Purposes[p]
	if !said {
		return given && p != PurposeMarketing
	}
	return given && limits.Has(channel)
}

// AdviserSource is the source of a consent that a person of ours wrote down; who it was
// is in its evidence.
const AdviserSource = "adviser"

// ConsentStep changes what it names of a customer's consent. What it does not name
// stays as it is by then, whoever changed it meanwhile.
type ConsentStep struct {
	Open  Channels // agreed to from now on, whatever was stopped before
	Close Channels // stopped by the customer
	// Preferred are the channels that the customer wants; nil: as they are.
	Preferred *[]ChannelName
	// Seen is the ChangedAt of the consent that the step was decided on; nil: any.
	Seen     *time.Time
	At       time.Time
	Source   string
	Evidence string
}

// StepTo opens and closes what is not as in ways. A channel that is closed and was
// stays so.
func (c Consent) StepTo(ways Channels) (open, closed Channels) {
	return ways.without(c.given()), c.given().without(ways)
}

// ConsentRecord is one change of a customer's consent, kept as proof: what held
// from then on, who said so, and what shows it.
type ConsentRecord struct {
	At       time.Time `json:"at"`
	Push     bool      `json:"push"`
	SMS      bool      `json:"sms"`
	Email    bool      `json:"email"`
	Call     bool      `json:"call"`
	Purposes Limits    `json:"purposes,omitempty"`
	// Preferred are the channels that the customer wanted, the best first.
	Preferred []ChannelName `json:"preferred_channels,omitempty"`
	Source    string        `json:"source"`             // "contract", "app", "sms STOP", ...
	Evidence  string        `json:"evidence,omitempty"` // a message's ID, a form, "" for none
}

// Limits are the channels that a customer allows for a purpose, by purpose.
type Limits map[Purpose]Channels

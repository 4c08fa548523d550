package presage

import (
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"time"
)

// Powertrain is what drives a vehicle; a component applies to some of them.
type Powertrain string

// The powertrains.
const (
	BatteryElectric Powertrain = "bev"
	PlugInHybrid    Powertrain = "phev"
	Combustion      Powertrain = "ice"
)

// Vehicle is one registered vehicle.
type Vehicle struct {
	VIN        VIN        `json:"vin"`
	Plate      Plate      `json:"plate,omitempty"` // its licence plate
	Make       string     `json:"make"`
	Model      string     `json:"model"`
	ModelYear  int        `json:"model_year"`
	Powertrain Powertrain `json:"powertrain"`
	// InService is the day of first registration: age counts from here. Zero if unknown.
	InService time.Time `json:"in_service"`
	// PackCapacityAh is the HV battery's capacity when new, in Ah; 0 if none or unknown.
	PackCapacityAh float64 `json:"pack_capacity_ah,omitempty"`
	CustomerID     string  `json:"customer_id,omitempty"` // "" when nobody may be contacted
	WorkshopID     string  `json:"workshop_id,omitempty"` // the workshop that offers go to first
	// AutoRegistered: made known by its first message, nobody has confirmed it.
	AutoRegistered bool `json:"auto_registered,omitempty"`
	// ExpectedInterval is within what time it should be heard from again; 0 for
	// the fleet's own measure, see Silence.
	ExpectedInterval Interval `json:"expected_interval,omitempty"`
	// LastSeen is the newest event time stored, zero if it was never heard from.
	LastSeen time.Time `json:"last_seen"`
}

// VehicleFilter selects vehicles; fields that are empty select everything.
type VehicleFilter struct {
	CustomerID string
	WorkshopID string
	Status     Status  // of the worst prognosis of what wears; a vehicle without any is unknown
	ServiceDue bool    // by an interval something is due
	Silent     Silence // not heard from in time; the zero value selects everything
	Query      string  // part of VIN, plate, make, model, customer's ID or name; case does not matter
	After      VIN     // the last vehicle of the page before
	Limit      int     // 0 for all
}

// Customer is who answers for a vehicle.
type Customer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Lang  Lang   `json:"lang"`
	Phone Phone  `json:"phone,omitempty"` // E.164
	// PhoneBad: an adviser reached somebody else there. Nothing is texted to it.
	PhoneBad bool  `json:"phone_bad,omitempty"`
	Email    Email `json:"email,omitempty"`
	// EmailBad: the server said that nobody has the address. Nothing is mailed to it.
	EmailBad bool   `json:"email_bad,omitempty"`
	Devices  int    `json:"devices"` // with the maker's app, which push messages reach; see Device
	Zone     string `json:"zone"`    // IANA time zone, for quiet hours and times shown; "" when it is not known
	// Tier is "standard" or "gold": priority, never whether a safety message goes out.
	Tier    string  `json:"tier"`
	Consent Consent `json:"consent"`
}

// Consent is what a customer agreed to. Channels without consent stay silent.
type Consent struct {
	Push      bool      `json:"push"`
	SMS       bool      `json:"sms"`
	Email     bool      `json:"email,omitempty"`
	Call      bool      `json:"call"`
	ChangedAt time.Time `json:"changed_at"`
	Source    string    `json:"source"` // "contract", "app", "sms STOP", ...
	// Purposes narrow the channels by purpose, see Agrees.
	Purposes Limits `json:"purposes,omitempty"`
	// Preferred are the channels that the customer wants, the best first; none: those
	// of the service, in its order. See preferred.go.
	Preferred []ChannelName `json:"preferred_channels,omitempty"`
	// Evidence shows that it was given or withdrawn; it is kept in the history.
	Evidence string `json:"evidence,omitempty"`
	// Stopped are the channels that the person ended: only their own START
	// opens them again, never an import of whatever date.
	Stopped Channels `json:"-"`
}

// Has tells whether a channel is agreed to, see Channels.Has.
func (c Consent) Has(channel ChannelName) bool {
	return c.given().Has(channel)
}

// given are the channels that are agreed to.
func (c Consent) given() Channels {
	return Channels{Push: c.Push, SMS: c.SMS, Email: c.Email, Call: c.Call}
}

// giving is the consent with these channels agreed to, and no others.
func (c Consent) giving(x Channels) Consent {
	c.Push, c.SMS, c.Email, c.Call = x.Push, x.SMS, x.Email, x.Call
	return c
}

// Channels are some of the ways to reach a customer.
type Channels struct {
	Push  bool `json:"push"`
	SMS   bool `json:"sms"`
	Email bool `json:"email,omitempty"`
	Call  bool `json:"call"`
}

// Has tells whether a channel is among them; the outbox stands for all that carry
// texts.
func (c Channels) Has(channel ChannelName) bool {
	switch channel {
	case ChannelPush:
		return c.Push
	case ChannelSMS:
		return c.SMS
	case ChannelCall:
		return c.Call
	case ChannelOutbox:
		return c.Push || c.SMS || c.Email
	case ChannelEmail:
		return c.Email
	}
	return false
}

// Secret is a value that must never be shown: it prints, logs and marshals as "***".
type Secret string

// String gives "***", or "" when unset.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// MarshalText gives "***", so that JSON and YAML never hold the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps a secret out of every slog record.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Equal compares in a time that tells nothing of either secret.
func (s Secret) Equal(other Secret) bool {
	x, y := sha256.Sum256([]byte(s)), sha256.Sum256([]byte(other))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// Reveal returns the secret itself, for the one call that needs it.
func (s Secret) Reveal() string { return string(s) }

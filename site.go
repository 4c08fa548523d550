package presage

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Site is where a van repairs a car. It is personal data.
type Site struct {
	Place Place     `json:"place"`
	Km    Kilometre `json:"km" doc:"From the workshop, as the crow flies"`
	// SeenAt is when the car told that it stands there.
	SeenAt  time.Time `json:"seen_at,omitzero"`
	Address Address   `json:"address,omitempty" maxLength:"200" doc:"As the customer typed it"`
}

// Address is where to come, in a customer's words; it never stands in a log.
type Address string

// LogValue keeps an address out of every slog record.
func (a Address) LogValue() slog.Value {
	if a == "" {
		return slog.StringValue("")
	}
	return slog.StringValue("***")
}

// LogValue keeps a place out of every slog record, but for how far it is.
func (s Site) LogValue() slog.Value {
	return slog.StringValue(fmt.Sprintf("%.0f km away", float64(s.Km)))
}

// addressChars is how long an address may be.
const addressChars = 200

// Check tells what is wrong with an address, as ErrInvalid.
func (a Address) Check() error {
	if strings.TrimSpace(string(a)) == "" {
		return fmt.Errorf("address: %w: it is missing: where shall the van come to?", ErrInvalid)
	}
	if err := CheckPlain(string(a), addressChars); err != nil {
		return fmt.Errorf("address: %w", err)
	}
	return nil
}

// VanKmh is how fast a van comes nearer as the crow flies: about 40 km/h in a town, on
// roads that are a third longer.
const VanKmh = 30

// Drive is how long a van takes one way, in whole quarters of an hour.
func (s Site) Drive() time.Duration {
	d := time.Duration(float64(s.Km) / VanKmh * float64(time.Hour)).Truncate(time.Second)
	return max(QuarterHour, (d + QuarterHour - 1).Truncate(QuarterHour))
}

// vanSuffix marks in a slot's ID and in links that a workshop's van comes to the car; no
// workshop's ID ends so.
const vanSuffix = "/van"

// VansOf names the vans of a workshop as a place to be repaired by.
func VansOf(workshopID string) string { return workshopID + vanSuffix }

// SplitVan takes such a name apart; van is false for the workshop itself.
func SplitVan(where string) (workshopID string, van bool) { return strings.CutSuffix(where, vanSuffix) }

// ByVan tells whether a slot is of vans, by its ID.
func ByVan(slotID string) bool {
	where, _, _ := strings.Cut(slotID, "@")
	_, van := SplitVan(where)
	return van
}

// Where names where the visit is: the workshop, or its vans.
func (b Booking) Where() string {
	if b.Site != nil {
		return VansOf(b.WorkshopID)
	}
	return b.WorkshopID
}

// HasVan tells whether a van of the workshop comes as far as a place.
func (w Workshop) HasVan(at Place) bool {
	for _, b := range w.Bays {
		if b.Van() && w.Suits(b, nil, &at) {
			return true
		}
	}
	return false
}

// Vans tells whether the workshop has one at all.
func (w Workshop) Vans() bool {
	for _, b := range w.Bays {
		if b.Van() {
			return true
		}
	}
	return false
}

// ErrNoAddress tells that a van does not know where to come; together with ErrInvalid.
var ErrNoAddress = errors.New("the van needs an address")

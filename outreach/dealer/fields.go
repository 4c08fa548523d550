package dealer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"presage"
	"presage/internal/records"
)

// form is what a dealer's system may send.
func form() records.Form {
	return records.Form{
		Kinds: map[string]string{
			"workshops": presage.KindWorkshop, "customers": presage.KindCustomer, "vehicles": presage.KindVehicle,
			"closures": presage.KindClosure, "bookings": presage.KindBooking, "work_orders": presage.KindWorkOrder,
			"part_use": presage.KindPartUse,
		},
		Parts: []string{
			"id", "name", "kinds", "skills", "component", "outcome", "replaced", "measured", "part", "quantity",
			"technician", "days", "hours",
		},
	}
}

// fields reads the texts of a row of a dealer's system.
type fields struct{ *records.Fields }

// phone reads a number in any of the usual forms; a national one needs the country.
func (f *fields) phone(name string) presage.Phone {
	country, _ := f.Get("country", 40)
	text, ok := f.Get(name, 40)
	if !ok {
		return ""
	}
	n, err := phonenumbers.Parse(text, strings.ToUpper(country))
	if err != nil {
		f.Bad(name, "not a phone number: want +8613800000000, or a country beside it (CN)")
		return ""
	}
	return presage.Phone(phonenumbers.Format(n, phonenumbers.E164))
}

// head is what every row has. revision, or else updated_at, tells newer from older.
func (f *fields) head() presage.ImportRow {
	r := presage.ImportRow{Place: f.Place, Kind: f.Kind, ExternalID: f.ID("id")}
	if r.ExternalID == "" {
		f.Bad("id", "it is missing")
	}
	r.Revision = int64(f.Whole("revision", 0, 1<<53))
	if at := f.Instant("updated_at"); !at.IsZero() && r.Revision == 0 {
		r.Revision = at.UnixMicro()
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f.Text)) {
		if name != "revision" && name != "updated_at" {
			fmt.Fprintf(sum, "%q=%q\n", name, f.Text[name])
		}
	}
	r.Digest = hex.EncodeToString(sum.Sum(nil))
	return r
}

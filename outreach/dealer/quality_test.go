package dealer_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach/dealer"
)

type fixedRows []presage.QualityRow

func (f fixedRows) QualityRows(context.Context) ([]presage.QualityRow, error) { return f, nil }

// VINs by hand: 1M8GDM9AXKP042788 is the example of 49 CFR 565.15, and with a 1 in its
// ninth place it is wrong; of Europe's WVWZZZ1KZAW000001 the place means something else.
func TestQuality(t *testing.T) {
	t.Parallel()
	customer := func(id, name, phone, email string) presage.QualityRow {
		return presage.QualityRow{
			Source: "dms-1", Kind: presage.KindCustomer, ID: id, Name: name, Phone: presage.Phone(phone), Email: presage.Email(email),
		}
	}
	vehicle := func(vin, plate string, odometer bool) presage.QualityRow {
		return presage.QualityRow{Source: "dms-1", Kind: presage.KindVehicle, ID: vin, Plate: presage.Plate(plate), Odometer: odometer}
	}
	a := dealer.Auditor{Store: fixedRows{
		{Source: "", Kind: presage.KindCustomer, ID: "c0", Name: "Zoe", Phone: "+8613812345678"},
		customer("c1", "Li Wei", "+8613812345678", "li@norvik.com"),
		customer("c2", "LI-WEI", "+861381234", "li@norvik.invalid"),
		customer("c3", "Ann", "", ""),
		customer("c4", "Bob", "+447700900123", ""), // reserved by Ofcom for drama
		vehicle("1M8GDM9AXKP042788", "沪A12345", true),
		vehicle("1M8GDM9A1KP042788", "沪A-12345", true),
		vehicle("WVWZZZ1KZAW000001", "", false),
	}}
	reports, err := a.Quality(t.Context())
	if err != nil || len(reports) != 2 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	found := map[presage.QualityCheck]int{}
	for _, f := range reports[1].Figures {
		found[f.Check] = f.Found
	}
	if diff := cmp.Diff(map[presage.QualityCheck]int{
		presage.PhoneImpossible: 1, presage.PhoneMadeUp: 1, presage.PhoneTwice: 1, presage.EmailImpossible: 1, presage.NameTwice: 2,
		presage.PlateTwice: 2, presage.OdometerUnknown: 1, presage.VINCheckWrong: 1, presage.VINCheckOdd: 1,
	}, found); diff != "" {
		t.Error(diff)
	}
	if got := reports[1].Score; got < 28.5 || got > 28.6 { // c3 and c4 alone of seven have no fault
		t.Errorf("score %v, want 28.57", got)
	}
	records, err := a.QualityRecords(t.Context(), "dms-1", presage.VINCheckWrong)
	if err != nil || len(records) != 1 || records[0].ID != "1M8**********2788" || records[0].Shown != records[0].ID {
		t.Errorf("records %+v, %v", records, err)
	}
}

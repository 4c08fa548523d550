package presage_test

import (
	"fmt"
	"time"

	"presage"
)

// VINs are checked and never printed in full by a logger.
func ExampleParseVIN() {
	vin, err := presage.ParseVIN("1M8GDM9AXKP042788")
	fmt.Println(vin.Masked(), err)
	fmt.Println(string(presage.VINCheckDigit("1M8GDM9AXKP042788")))
	_, err = presage.ParseVIN("1M8GDM9AXKP04278O")
	fmt.Println(err != nil)
	// Output:
	// 1M8**********2788 <nil>
	// X
	// true
}

// Half fail within 30 days and three quarters within 60: between the two the
// hazard is constant, so 45 days leave 2^-1.5 of them.
func ExampleFailWithin_By() {
	f := presage.FailWithin{D7: 0.1, D30: 0.5, D60: 0.75, D90: 0.9}
	fmt.Printf("%.3f %.3f %.3f\n", f.By(30), f.By(45), f.By(60))
	// Output: 0.500 0.646 0.750
}

// A decision is kept as data; words are made of it where people read it.
func ExampleBecause() {
	why := presage.Because("due", "component", "brake_pads_front", "days", "4")
	fmt.Println(why)
	fmt.Println(presage.ReasonOf(why.Stored()).Equal(why))
	// Output:
	// due component=brake_pads_front days=4
	// true
}

// A case moves only as its life allows.
func ExampleCaseState_CanBecome() {
	fmt.Println(presage.CaseOffered.CanBecome(presage.CaseBooked), presage.CaseDone.CanBecome(presage.CaseOpen))
	// Output: true false
}

// Days are those of UTC.
func ExampleDayOf() {
	cst := time.FixedZone("CST", 8*3600)
	fmt.Println(presage.DayOf(time.Date(2026, 11, 2, 7, 0, 0, 0, cst)))
	// Output: 2026-11-01
}

// A wording is there in each language.
func ExampleText_In() {
	name := presage.Text{ZH: "前制动片", EN: "front brake pads"}
	fmt.Println(name.In(presage.Chinese), name.In(presage.English))
	// Output: 前制动片 front brake pads
}

// Amounts are whole cents of a currency.
func ExampleMoney() {
	fmt.Println(presage.Money{Minor: 69_850, Currency: "CNY"})
	// Output: CNY 698.50
}

// A value outside a signal's range is told from one that is only unusual.
func ExampleLookupSignal() {
	speed, known := presage.LookupSignal("Vehicle.Speed")
	fmt.Println(known, speed.Unit, speed.Valid(120), speed.Valid(1e6))
	// Output: true km/h true false
}

package dealer

import (
	"context"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"presage"
)

// QualityStore reads what the checks are asked of.
type QualityStore interface {
	QualityRows(ctx context.Context) ([]presage.QualityRow, error)
}

// Auditor judges the records of each source. It reads all of them at each question:
// a hundred thousand take about a second.
type Auditor struct{ Store QualityStore }

// Quality is a report for each source, by name.
func (a Auditor) Quality(ctx context.Context) ([]presage.QualityReport, error) {
	rows, err := a.Store.QualityRows(ctx)
	if err != nil {
		return nil, err
	}
	return reports(rows, audit(rows)), nil
}

// QualityRecords lists what a check found in a source's records.
func (a Auditor) QualityRecords(
	ctx context.Context, source string, check presage.QualityCheck,
) ([]presage.QualityRecord, error) {
	rows, err := a.Store.QualityRows(ctx)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(audit(rows), func(r presage.QualityRecord) bool {
		return r.Source != source || r.Check != check
	})
	for i := range found {
		if found[i].Kind == presage.KindVehicle {
			found[i].ID = presage.VIN(found[i].ID).Masked()
		}
	}
	slices.SortStableFunc(found, func(a, b presage.QualityRecord) int { return strings.Compare(a.Group, b.Group) })
	return found, nil
}

// audit asks every check of every record.
func audit(rows []presage.QualityRow) []presage.QualityRecord {
	x := auditing{phones: newSharing(), names: newSharing(), plates: newSharing()}
	for _, r := range rows {
		x.phones.note(string(r.Phone), r.ID)
		x.names.note(folded(r.Name), r.ID)
		x.plates.note(r.Plate.Folded(), r.ID)
	}
	for _, r := range rows {
		if r.Kind == presage.KindCustomer {
			x.customer(r)
		} else {
			x.vehicle(r)
		}
	}
	return x.found
}

// auditing is one look at all records.
type auditing struct {
	phones, names, plates sharing
	found                 []presage.QualityRecord
}

func (x *auditing) customer(r presage.QualityRow) {
	phone, name := string(r.Phone), folded(r.Name)
	x.add(r, presage.PhoneImpossible, r.Phone != "" && !exists(r.Phone) && !r.Phone.MadeUp(),
		r.Phone.Masked(), "")
	x.add(r, presage.PhoneMadeUp, r.Phone.MadeUp(), r.Phone.Masked(), "")
	x.add(r, presage.PhoneTwice, x.phones.shared[phone], r.Phone.Masked(), "p"+x.phones.first[phone])
	x.add(r, presage.NameTwice, x.names.shared[name], initial(r.Name), "n"+x.names.first[name])
	x.add(r, presage.EmailImpossible, r.Email != "" && (r.EmailBad || !reachable(r.Email)), r.Email.Masked(), "")
}

func (x *auditing) vehicle(r presage.QualityRow) {
	vin, plate := presage.VIN(r.ID), r.Plate.Folded()
	_, err := presage.ParseVIN(r.ID)
	odd := err == nil && presage.VINCheckDigit(r.ID) != r.ID[8]
	x.add(r, presage.PlateTwice, x.plates.shared[plate], r.Plate.Masked(), "k"+x.plates.first[plate])
	x.add(r, presage.OdometerUnknown, !r.Odometer, vin.Masked(), "")
	x.add(r, presage.VINCheckWrong, err != nil, vin.Masked(), "")
	x.add(r, presage.VINCheckOdd, odd, vin.Masked(), "")
}

// add notes a record if something is wrong with it.
func (x *auditing) add(r presage.QualityRow, check presage.QualityCheck, wrong bool, shown, group string) {
	if wrong {
		x.found = append(x.found, presage.QualityRecord{
			Check: check, Source: r.Source, Kind: r.Kind, ID: r.ID, ExternalID: r.ExternalID, Shown: shown, Group: group,
		})
	}
}

// sharing knows which values more than one record has.
type sharing struct {
	first  map[string]string // the record that had a value first
	shared map[string]bool
}

func newSharing() sharing { return sharing{first: map[string]string{}, shared: map[string]bool{}} }

func (s sharing) note(value, id string) {
	if first, ok := s.first[value]; ok && first != id && value != "" {
		s.shared[value] = true
	} else if value != "" {
		s.first[value] = id
	}
}

// exists tells whether a number can exist by its country's plan.
func exists(p presage.Phone) bool {
	n, err := phonenumbers.Parse(string(p), "")
	return err == nil && phonenumbers.IsValidNumber(n)
}

// reachable tells whether mail could go to an address: names that are reserved for
// examples and tests lead nowhere (RFC 2606).
func reachable(e presage.Email) bool {
	if _, err := presage.ParseEmail(string(e)); err != nil {
		return false
	}
	labels := strings.Split(e.Key()[strings.LastIndexByte(e.Key(), '@')+1:], ".")
	last := labels[len(labels)-1]
	return len(labels) > 1 && !slices.Contains([]string{"invalid", "test", "localhost", "local"}, last)
}

// folded makes texts alike that people write differently.
func folded(s string) string {
	between := func(r rune) bool { return r == ' ' || r == '-' || r == '·' }
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), between), "")
}

// initial masks a name.
func initial(s string) string {
	for _, r := range s {
		return string(r) + "***"
	}
	return "***"
}

// reports counts what was found, by source.
func reports(rows []presage.QualityRow, found []presage.QualityRecord) []presage.QualityReport {
	var out []presage.QualityReport
	at := func(source string) *presage.QualityReport {
		for i := range out {
			if out[i].Source == source {
				return &out[i]
			}
		}
		out = append(out, presage.QualityReport{Source: source})
		return &out[len(out)-1]
	}
	for _, r := range rows {
		if x := at(r.Source); r.Kind == presage.KindCustomer {
			x.Customers++
		} else {
			x.Vehicles++
		}
	}
	counts, faulty := figures(found)
	for i := range out {
		x := &out[i]
		x.Score = 100 * float64(x.Customers+x.Vehicles-faulty[x.Source]) / float64(x.Customers+x.Vehicles)
		for _, check := range presage.QualityChecks() {
			of := x.Customers
			if ofVehicles(check) {
				of = x.Vehicles
			}
			x.Figures = append(x.Figures, presage.QualityFigure{
				Check: check, Found: counts[x.Source][check], Of: of, Hint: check.Hint(),
			})
		}
	}
	slices.SortFunc(out, func(a, b presage.QualityReport) int { return strings.Compare(a.Source, b.Source) })
	return out
}

// figures counts, by source, what each check found and how many records have a fault.
func figures(found []presage.QualityRecord) (counts map[string]map[presage.QualityCheck]int, faulty map[string]int) {
	counts, faulty = map[string]map[presage.QualityCheck]int{}, map[string]int{}
	seen := map[[3]string]bool{} // a record with two faults is one
	for _, f := range found {
		if counts[f.Source] == nil {
			counts[f.Source] = map[presage.QualityCheck]int{}
		}
		counts[f.Source][f.Check]++
		if key := [3]string{f.Source, f.Kind, f.ID}; !f.Check.Hint() && !seen[key] {
			seen[key] = true
			faulty[f.Source]++
		}
	}
	return counts, faulty
}

// ofVehicles tells whether a check is asked of vehicles; else it is of customers.
func ofVehicles(check presage.QualityCheck) bool {
	return slices.Contains([]presage.QualityCheck{
		presage.PlateTwice, presage.OdometerUnknown, presage.VINCheckWrong, presage.VINCheckOdd,
	}, check)
}

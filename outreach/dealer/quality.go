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
	found := slices.DeleteFunc(audit(rows), func(r presage.QualityRecord) bool { return r.Source != source || r.Check != check })
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
	phones, names, plates := map[string]string{}, map[string]string{}, map[string]string{}
	many := map[string]bool{}
	count := func(seen map[string]string, prefix, value, id string) {
		if first, ok := seen[value]; ok && first != id && value != "" {
			many[prefix+value] = true
		} else if value != "" {
			seen[value] = id
		}
	}
	for _, r := range rows {
		count(phones, "p:", string(r.Phone), r.ID)
		count(names, "n:", folded(r.Name), r.ID)
		count(plates, "k:", folded(r.Plate), r.ID)
	}
	var out []presage.QualityRecord
	for _, r := range rows {
		add := func(wrong bool, check presage.QualityCheck, shown, group string) {
			if wrong {
				out = append(out, presage.QualityRecord{
					Check: check, Source: r.Source, Kind: r.Kind, ID: r.ID, ExternalID: r.ExternalID, Shown: shown, Group: group,
				})
			}
		}
		if r.Kind == presage.KindCustomer {
			add(r.Phone != "" && !exists(r.Phone), presage.PhoneImpossible, r.Phone.Masked(), "")
			add(many["p:"+string(r.Phone)], presage.PhoneTwice, r.Phone.Masked(), "p"+phones[string(r.Phone)])
			add(many["n:"+folded(r.Name)], presage.NameTwice, initial(r.Name), "n"+names[folded(r.Name)])
			add(r.Email != "" && (r.EmailBad || !reachable(r.Email)), presage.EmailImpossible, r.Email.Masked(), "")
			continue
		}
		vin := presage.VIN(r.ID)
		_, err := presage.ParseVIN(r.ID)
		odd := err == nil && presage.VINCheckDigit(r.ID) != r.ID[8]
		add(many["k:"+folded(r.Plate)], presage.PlateTwice, initial(r.Plate), "k"+plates[folded(r.Plate)])
		add(!r.Odometer, presage.OdometerUnknown, vin.Masked(), "")
		add(err != nil, presage.VINCheckWrong, vin.Masked(), "")
		add(odd, presage.VINCheckOdd, vin.Masked(), "")
	}
	return out
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
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == '·' }), "")
}

// initial masks a name or a plate.
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
	faulty := map[[3]string]bool{}
	counts := map[string]map[presage.QualityCheck]int{}
	for _, f := range found {
		if counts[f.Source] == nil {
			counts[f.Source] = map[presage.QualityCheck]int{}
		}
		counts[f.Source][f.Check]++
		if !f.Check.Hint() {
			faulty[[3]string{f.Source, f.Kind, f.ID}] = true
		}
	}
	for i := range out {
		x := &out[i]
		bad := 0
		for key := range faulty {
			if key[0] == x.Source {
				bad++
			}
		}
		x.Score = 100 * float64(x.Customers+x.Vehicles-bad) / float64(x.Customers+x.Vehicles)
		for _, check := range presage.QualityChecks() {
			of := x.Customers
			if slices.Contains([]presage.QualityCheck{
				presage.PlateTwice, presage.OdometerUnknown, presage.VINCheckWrong, presage.VINCheckOdd,
			}, check) {
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

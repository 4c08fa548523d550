package eval

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"presage"
	"presage/cmd/presage/lab/sheet"
	"presage/models"
	lives "presage/models/life"
)

// Irish cars are tested first at 4 years, every second year until 10, every
// year from then on. Cars of the odd ages before 10 come late, nobody knows
// since when, and are left out; so are those above 14, the bad ones of which
// are scrapped rather than tested.
const (
	firstTest, yearlyFrom, oldestTested = 4., 10., 14.
)

// testAges are the ages by which a prior is fitted. Groups of many parts take
// the tests two years apart alone: later ones find as much in one year as these
// in two, so what is mended between tests is no longer little.
func testAges(p models.InspectionPrior) []float64 {
	var out []float64
	for age := firstTest; age <= yearlyFrom; age += 2 {
		out = append(out, age)
	}
	for age := yearlyFrom + 1; p.Renewed && age <= oldestTested; age++ {
		out = append(out, age)
	}
	return out
}

// inspections are the counts of a prior's column in the NCT's results of 2016.
func inspections(s *sheet.Sheet, p models.InspectionPrior) ([]lives.Inspection, error) {
	var columns [3][]float64
	for i, name := range []string{"age", "Total", p.Column} {
		var err error
		if columns[i], err = s.Numbers(name, false); err != nil {
			return nil, err
		}
	}
	var rows []lives.Inspection
	var before []float64
	for _, age := range testAges(p) {
		i := slices.Index(columns[0], age)
		if i < 0 {
			return nil, fmt.Errorf("%s: %w: no row of age %g", s.Name, presage.ErrInvalid, age)
		}
		rows = append(rows, lives.Inspection{
			Age: age, Before: slices.Clone(before), Tested: columns[1][i], Failed: columns[2][i],
		})
		before = append(before, age)
	}
	return rows, nil
}

// kmPerYear is the mean of British cars from the first test to the yearly ones,
// from the counts of tests by age and band of 10,000 miles, whose middle stands for it.
func kmPerYear(path string) (float64, error) {
	s, err := sheet.Read(path)
	if err != nil {
		return 0, err
	}
	var columns [3][]float64
	for i, name := range []string{"age", "mileage", "count"} {
		if columns[i], err = s.Numbers(name, false); err != nil {
			return 0, err
		}
	}
	const kmPerMile, band, absurd = 1.609344, 10_000., 400_000 // beyond it lie slips of the keyboard
	km, years := 0., 0.
	for i, age := range columns[0] {
		if age >= firstTest && age < yearlyFrom && columns[1][i] < absurd {
			km += columns[2][i] * (columns[1][i] + band/2) * kmPerMile
			years += columns[2][i] * age
		}
	}
	return km / years, nil
}

// FitPriors fits the laws of models.Priors anew from the nct and mot folders.
func FitPriors(data string) ([]models.InspectionPrior, error) {
	s, err := sheet.Read(filepath.Join(data, "nct", "nct_2016_by_year_of_birth.csv"))
	if err != nil {
		return nil, err
	}
	yearly, err := kmPerYear(filepath.Join(data, "mot", "passRateByAgeAndMileageBand.csv"))
	if err != nil {
		return nil, err
	}
	out, err := models.Priors()
	if err != nil {
		return nil, err
	}
	for i := range out {
		p := &out[i]
		rows, err := inspections(s, *p)
		if err != nil {
			return nil, err
		}
		f, err := fitPrior(rows, p.Renewed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Part, err)
		}
		values := f.Parameters()
		p.Years, p.Shape, p.Miss = values["scale"], values["shape"], 0
		p.Km = p.Years * yearly
		for _, r := range rows {
			p.Miss = max(p.Miss, 100*math.Abs(failedShare(r, f.Distribution, p.Renewed)-r.Failed/r.Tested))
		}
	}
	return out, nil
}

// fitPrior fits parts that a failed test renews, or groups of parts of which
// it mends what had failed: those are as old afterwards as before (minimal
// repair; Barlow and Hunter 1960), so each test starts where the last one left off.
func fitPrior(rows []lives.Inspection, renewed bool) (lives.Fitted, error) {
	if renewed {
		return lives.FitInspections(rows, lives.FamilyWeibull)
	}
	var parts []lives.Life
	for _, r := range rows {
		last := lastTest(r)
		bad, good := lives.Between(last, last, r.Age), lives.Alive(last, r.Age)
		bad.Count, good.Count = r.Failed, r.Tested-r.Failed
		parts = append(parts, bad, good)
	}
	return lives.Fit(parts, lives.FamilyWeibull)
}

func lastTest(r lives.Inspection) float64 {
	if n := len(r.Before); n > 0 {
		return r.Before[n-1]
	}
	return 0
}

func failedShare(r lives.Inspection, law lives.Distribution, renewed bool) float64 {
	if renewed {
		return r.FailedShare(law)
	}
	return law.FailBetween(lastTest(r), r.Age)
}

// evaluatePriors fits the priors anew and compares them with the table in the
// program. It is left out where the folders are not there.
func evaluatePriors(o Options, t *Table) error {
	if _, err := os.Stat(filepath.Join(o.Data, "nct")); o.Data == "" || err != nil {
		return nil //nolint:nilerr // nothing to measure
	}
	fitted, err := FitPriors(o.Data)
	if err != nil {
		return err
	}
	known, err := models.Priors()
	if err != nil {
		return err
	}
	for i, p := range fitted {
		k := known[i]
		t.Judge(k.Near(p), "prior of "+p.Part,
			fmt.Sprintf("%.1f years or %s km, shape %.2f; misses the share failed at an age by %.1f points at most",
				p.Years, grouped(int(p.Km)), p.Shape, p.Miss),
			fmt.Sprintf("models/priors.yaml: %.1f years or %s km, shape %.2f", k.Years, grouped(int(k.Km)), k.Shape))
	}
	return nil
}

package models_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"presage"
	"presage/models"
)

const goldenFile = "testdata/prognoses.csv.gz"

var rewrite = flag.Bool("rewrite-golden", false, "write the present prognoses to "+goldenFile)

// goldenComponents are the ones whose laws were made fast; each figure below
// was computed by the plain form of the law, before that: a table of all
// horizons, sorted medians, one power a term.
func goldenComponents() []presage.ComponentID {
	return []presage.ComponentID{
		presage.BrakePadsFront, presage.BrakePadsRear, presage.TyreLeak, presage.ShockAbsorbers, "cabin_filter", "brake_fluid",
	}
}

// goldenCase is a vehicle with a life of its own: new and old, silent, leaking, renewed with and without a label.
func goldenCase(seed uint64) (models.History, time.Time) {
	c := newCar(seed)
	days := 3 + int(seed*37%430)
	if seed%3 == 0 {
		c.leakWheel, c.leakRate, c.leakFrom = int(seed%4), 0.2+0.1*float64(seed%9), max(0, days-25)
	}
	h := c.history(days)
	if seed%7 == 3 { // fitted elsewhere
		for i := days / 2; i < len(h.Rollups); i++ {
			f := h.Rollups[i].Features
			f[models.FeaturePadFront] = math.Max(0, f[models.FeaturePadFront]-60)
		}
	}
	if seed%5 == 1 {
		for _, id := range goldenComponents() {
			h.Labels = append(h.Labels, presage.Label{
				VIN: testVIN, Component: id, At: evening(days / 3), Replaced: true, Outcome: presage.OutcomeConfirmed,
			})
		}
	}
	if seed%11 == 4 {
		h.Vehicle.InService = time.Time{}
	}
	if seed%13 == 5 {
		for i := range h.Rollups {
			delete(h.Rollups[i].Features, models.FeatureOdometer)
		}
	}
	return h, evening(days - 1 + int(seed%6)*int(seed%4))
}

// figures are what the golden file holds of a prognosis.
func figures(p presage.Prognosis) []float64 {
	life := p.RemainingLife
	out := []float64{
		p.FailWithin.D7, p.FailWithin.D30, p.FailWithin.D60, p.FailWithin.D90, life.Days.P10, life.Days.P50, life.Days.P90,
		life.Km.P10, life.Km.P50, life.Km.P90, 0, 0, 0, 0, 0,
	}
	if p.Measured != nil {
		out[10] = p.Measured.Value
	}
	for i, t := range p.Terms {
		out[11] += float64(i+1) * t.Value
		out[12] += float64(i+1) * t.Effect
	}
	for i, x := range p.Path {
		out[13] += float64(i+1) * x.P10
		out[14] += float64(i+1) * x.P90
	}
	return out
}

func goldenRows() [][]string {
	var rows [][]string
	cat := catalogue()
	p := models.NewPrognoser(cat)
	for seed := range uint64(240) {
		h, asOf := goldenCase(seed)
		ps := p.Prognose(h, asOf)
		for _, id := range goldenComponents() {
			x := of(ps, id)
			row := []string{strconv.FormatUint(seed, 10), string(id), string(x.Status)}
			for _, f := range figures(x) {
				row = append(row, strconv.FormatFloat(f, 'g', 9, 64))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// certain is what is forgiven beside a millionth: the table gave a probability
// within 1e-9 of 1 on unchanged, and the effects that follow from one are summed by weights up to 5.
const certain = 2e-8

// Making the laws fast moved no figure by more than a millionth of itself.
// A change of a law moves them: -rewrite-golden takes the new ones.
func TestPrognosesAreTheOnesOfThePlainLaws(t *testing.T) {
	t.Parallel()
	got := goldenRows()
	if *rewrite {
		writeGolden(t, got)
	}
	want := readGolden(t)
	if len(got) != len(want) {
		t.Fatalf("%d prognoses, the file has %d", len(got), len(want))
	}
	for i := range want {
		if err := sameFigures(got[i], want[i]); err != nil {
			t.Errorf("vehicle %s %s: %v", want[i][0], want[i][1], err)
		}
	}
}

func sameFigures(got, want []string) error {
	for k := range want {
		if got[k] == want[k] {
			continue
		}
		g, errG := strconv.ParseFloat(got[k], 64)
		w, errW := strconv.ParseFloat(want[k], 64)
		if errG != nil || errW != nil || !(math.Abs(g-w) <= 1e-6*math.Abs(w)+certain) {
			return fmt.Errorf("column %d is %s, was %s", k, got[k], want[k])
		}
	}
	return nil
}

func readGolden(t *testing.T) [][]string {
	t.Helper()
	packed, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func writeGolden(t *testing.T, rows [][]string) {
	t.Helper()
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if err := csv.NewWriter(z).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(goldenFile, packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

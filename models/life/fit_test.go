package life_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"presage/models/life"
)

// table reads the columns of a CSV file of testdata.
func table(tb testing.TB, name string, columns ...string) [][]string {
	tb.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	place := map[string]int{}
	for i, c := range rows[0] {
		place[c] = i
	}
	var out [][]string
	for _, row := range rows[1:] {
		var picked []string
		for _, c := range columns {
			picked = append(picked, row[place[c]])
		}
		out = append(out, picked)
	}
	return out
}

func number(tb testing.TB, text string) float64 {
	tb.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

// brakePads are the left-truncated pad lives of 98 cars, thousand km.
func brakePads(tb testing.TB) []life.Life {
	tb.Helper()
	var lives []life.Life
	for _, row := range table(tb, "brake_pads.csv", "entry", "exit") {
		lives = append(lives, life.Exact(number(tb, row[0]), number(tb, row[1])))
	}
	return lives
}

// shockAbsorbers are 38 of vehicles, of which the modes named failed.
func shockAbsorbers(tb testing.TB, modes ...string) []life.Life {
	tb.Helper()
	var lives []life.Life
	for _, row := range table(tb, "shock_absorbers.csv", "distance", "mode") {
		age, failed := number(tb, row[0]), false
		for _, m := range modes {
			failed = failed || row[1] == m
		}
		if failed {
			lives = append(lives, life.Exact(0, age))
			continue
		}
		lives = append(lives, life.Alive(0, age))
	}
	return lives
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.6g, want %.6g within %g", what, got, want, within)
	}
}

// Wanted: R's optim on the same likelihood, prod f(x)/S(entry) (see testdata/README.md).
func TestFitLeftTruncated(t *testing.T) {
	t.Parallel()
	lives := brakePads(t)
	for _, c := range []struct {
		family     life.Family
		parameters map[string]float64
		logL       float64
	}{
		{life.FamilyWeibull, map[string]float64{"scale": 71.995, "shape": 2.3602}, -451.467},
		{life.FamilyLognormal, map[string]float64{"mu": 4.1093, "sigma": 0.4214}, -452.244},
		{life.FamilyLogLogistic, map[string]float64{"mu": 4.1237, "sigma": 0.2418}, -452.335},
		{life.FamilyGamma, map[string]float64{"shape": 5.7228, "scale": 11.4986}, -450.657},
	} {
		t.Run(c.family.String(), func(t *testing.T) {
			t.Parallel()
			f, err := life.Fit(lives, c.family)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "log L", f.LogLikelihood, c.logL, 5.1e-4)
			for name, want := range c.parameters {
				near(t, name, f.Parameters()[name], want, 6e-4*math.Max(1, want/10))
			}
			if c.family == life.FamilyLognormal {
				near(t, "se of mu", f.StandardErrors()["mu"], 0.0454, 5.1e-5)
			}
		})
	}
}

// Wanted: R's survreg on the same lives; Meeker & Escobar (1998) print the same
// fit of both modes.
func TestFitRightCensored(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		modes                    []string
		eta, beta, logL, b10, se float64 // 0: not published
	}{
		{[]string{"Mode1", "Mode2"}, 27718.7, 3.1605, -123.995, 13600, 0.1099},
		{[]string{"Mode1"}, 31205.8, 3.384, 0, 0, 0},
		{[]string{"Mode2"}, 40865.9, 2.822, 0, 0, 0},
	} {
		f, err := life.Fit(shockAbsorbers(t, c.modes...), life.FamilyWeibull)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "eta", f.Parameters()["scale"], c.eta, 0.6)
		near(t, "beta", f.Parameters()["shape"], c.beta, 6e-4)
		if c.logL == 0 {
			continue
		}
		near(t, "log L", f.LogLikelihood, c.logL, 6e-4)
		near(t, "B10", f.Quantile(0.1), c.b10, 60)
		near(t, "se of ln eta", f.StandardErrors()["scale"]/c.eta, c.se, 1e-4)
	}
	f, err := life.Fit(shockAbsorbers(t, "Mode1", "Mode2"), life.FamilyLognormal)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mu", f.Mu, 10.1448, 6e-5)
	near(t, "sigma", f.Parameters()["sigma"], 0.5301, 6e-5)
	near(t, "log L", f.LogLikelihood, -124.61, 6e-3)
}

// The generalised gamma holds Weibull (q = 1) and lognormal (q = 0): it cannot
// fit worse than either, and AIC charges it for its third parameter.
func TestChoose(t *testing.T) {
	t.Parallel()
	fits, err := life.Choose(brakePads(t))
	if err != nil {
		t.Fatal(err)
	}
	by := map[life.Family]life.Fitted{}
	for i, f := range fits {
		by[f.Family] = f
		if i > 0 && f.AIC() < fits[i-1].AIC()-1e-3 {
			t.Errorf("%s stands after %s and has the smaller AIC", f.Family, fits[i-1].Family)
		}
	}
	if len(fits) != 6 || fits[0].Family != life.FamilyGamma {
		t.Errorf("%d families, %s first; want 6 and gamma (the largest log L of those with two parameters)",
			len(fits), fits[0].Family)
	}
	general := by[life.FamilyGeneralisedGamma].LogLikelihood
	for _, f := range []life.Family{life.FamilyWeibull, life.FamilyLognormal} {
		if by[f].LogLikelihood > general+1e-6 {
			t.Errorf("%s has log L %.4f, the generalised gamma %.4f", f, by[f].LogLikelihood, general)
		}
	}
}

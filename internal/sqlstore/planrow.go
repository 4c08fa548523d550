package sqlstore

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"presage"
	"presage/internal/squeeze"
)

// tabled are quantiles without their names, which are the same in every step of a row:
// the names once, then a line of figures a step.
type tabled struct {
	Levels []string    `json:"l,omitempty"`
	Lines  [][]float64 `json:"q,omitempty"`
}

// strip takes the quantiles out of steps; steps that differ in their levels keep theirs.
func strip(quantiles []*map[string]float64) tabled {
	if len(quantiles) == 0 {
		return tabled{}
	}
	t := tabled{Levels: slices.Sorted(maps.Keys(*quantiles[0]))}
	for _, q := range quantiles {
		if len(*q) != len(t.Levels) || len(*q) == 0 {
			return tabled{}
		}
		line := make([]float64, len(t.Levels))
		for i, level := range t.Levels {
			x, ok := (*q)[level]
			if !ok {
				return tabled{}
			}
			line[i] = x
		}
		t.Lines = append(t.Lines, line)
	}
	for _, q := range quantiles {
		*q = nil
	}
	return t
}

// fill puts them back.
func (t tabled) fill(quantiles []*map[string]float64) error {
	if len(t.Lines) == 0 {
		return nil
	}
	if len(t.Lines) != len(quantiles) {
		return fmt.Errorf("%w row of the parts plan: %d lines of quantiles for %d steps", presage.ErrInvalid,
			len(t.Lines), len(quantiles))
	}
	for i, q := range quantiles {
		if len(t.Lines[i]) != len(t.Levels) {
			return fmt.Errorf("%w row of the parts plan: a line of quantiles is cut", presage.ErrInvalid)
		}
		*q = make(map[string]float64, len(t.Levels))
		for k, level := range t.Levels {
			(*q)[level] = t.Lines[i][k]
		}
	}
	return nil
}

// storedForecast is the body of a row.
type storedForecast struct {
	tabled

	Forecast presage.PartForecast `json:"f"`
}

func (s *storedForecast) quantiles() []*map[string]float64 {
	out := append([]*map[string]float64{&s.Forecast.Quantiles}, quantilesOf(s.Forecast.Horizons)...)
	return out
}

// storedWeeks is its outlook.
type storedWeeks struct {
	tabled

	Weeks []presage.DemandStep `json:"w"`
}

func quantilesOf(steps []presage.DemandStep) []*map[string]float64 {
	out := make([]*map[string]float64, len(steps))
	for i := range steps {
		out[i] = &steps[i].Quantiles
	}
	return out
}

// plannedRow is a row of the plan as it is written.
type plannedRow struct {
	level         string
	place         presage.PlanPlace
	owner, digest string
	orderNow      int
	line          string
	body, outlook []byte // JSON until it is known that the row is written
}

// rowOf lays a part of the plan out. AsOf is that of the plan, and left out.
func rowOf(owner string, p presage.PlannedPart) (plannedRow, error) {
	f := p.Forecast
	r := plannedRow{level: levelOf(f.DepotID, f.Region), place: f.Place(), owner: owner, orderNow: f.OrderNow}
	line, err := lineOf(f)
	if err != nil {
		return r, err
	}
	r.line = line
	body, weeks := storedForecast{Forecast: f}, storedWeeks{Weeks: slices.Clone(p.Weeks)}
	body.Forecast.AsOf, body.Forecast.Horizons = presage.PartForecast{}.AsOf, slices.Clone(f.Horizons)
	body.tabled, weeks.tabled = strip(body.quantiles()), strip(quantilesOf(weeks.Weeks))
	if r.body, err = json.Marshal(body); err == nil {
		r.outlook, err = json.Marshal(weeks)
	}
	if err != nil {
		return r, fmt.Errorf("%w: %w", presage.ErrInvalid, err)
	}
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(owner), []byte(line), r.body, r.outlook} {
		fmt.Fprintf(sum, "%d\n", len(part))
		sum.Write(part)
	}
	r.digest = hex.EncodeToString(sum.Sum(nil)[:16])
	return r, nil
}

// packedBody reads the body of a row, plain when data are empty.
type packedBody struct {
	data  []byte
	plain string
}

func (b packedBody) forecast() (presage.PartForecast, error) {
	if len(b.data) == 0 {
		var f presage.PartForecast
		err := json.Unmarshal([]byte(b.plain), &f)
		return f, err
	}
	var s storedForecast
	if err := unpackInto(b.data, &s); err != nil {
		return s.Forecast, err
	}
	return s.Forecast, s.fill(s.quantiles())
}

func (b packedBody) weeks() ([]presage.DemandStep, error) {
	if len(b.data) == 0 {
		var w []presage.DemandStep
		err := json.Unmarshal([]byte(b.plain), &w)
		return w, err
	}
	var s storedWeeks
	if err := unpackInto(b.data, &s); err != nil {
		return nil, err
	}
	return s.Weeks, s.fill(quantilesOf(s.Weeks))
}

func unpackInto(data []byte, to any) error {
	text, err := squeeze.Unpack(data)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

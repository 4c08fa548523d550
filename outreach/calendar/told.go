package calendar

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed holidays.yaml
var holidayTable []byte

// told are the holidays of a country that no rule tells.
type told struct {
	Law       string           `yaml:"law"`        // the source
	EveryYear []string         `yaml:"every_year"` // "01-08" or "01-02/01-06"
	Years     map[int]announce `yaml:"years"`
}

type announce struct {
	Announced string   `yaml:"announced"` // by what; "" while only the days of the law are known
	Days      []string `yaml:"days"`
}

func readTold(raw []byte) (map[string]told, error) {
	var all map[string]told
	if err := yaml.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	var faults []error
	for _, t := range all {
		for _, text := range t.EveryYear {
			_, err := span(text, 2027)
			faults = append(faults, err)
		}
		for y, a := range t.Years {
			for _, text := range a.Days {
				_, err := span(text, y)
				faults = append(faults, err)
			}
		}
	}
	return all, errors.Join(faults...)
}

// add adds the days of a year, and tells whether all of the year are known then.
func (t told) add(days map[string]bool, year int) (all map[string]bool, complete bool) {
	a, known := t.Years[year]
	for _, text := range append(slices.Clone(t.EveryYear), a.Days...) {
		list, err := span(text, year)
		if err != nil {
			continue // seen when it was read
		}
		for _, day := range list {
			days[day] = true
		}
	}
	return days, len(t.Years) == 0 || known && a.Announced != ""
}

// span are the days of "05-01" or "05-01/05-05" in a year.
func span(text string, year int) ([]string, error) {
	from, to, more := strings.Cut(text, "/")
	if !more {
		to = from
	}
	first, err := time.Parse(time.DateOnly, strconv.Itoa(year)+"-"+from)
	if err != nil {
		return nil, fmt.Errorf("%q: want a day MM-DD or MM-DD/MM-DD", text)
	}
	last, err := time.Parse(time.DateOnly, strconv.Itoa(year)+"-"+to)
	if err != nil || last.Before(first) {
		return nil, fmt.Errorf("%q: want a day MM-DD or MM-DD/MM-DD", text)
	}
	var days []string
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		days = append(days, day.Format(dayForm))
	}
	return days, nil
}

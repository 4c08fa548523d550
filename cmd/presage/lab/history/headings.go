package history

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage/cmd/presage/lab/sheet"
)

// A heading that tells its period is read: the periods must run from the
// oldest to the newest without a gap, and a column beside them that tells none
// is taken for something else, such as a price. Headings of which none tells a
// period are taken in their order.

// period is what a heading tells: a number that rises with time, among those of its kind.
type period struct {
	kind   string // "month", "day", ... or the text before the number
	number int
}

// numbered is a whole number with text before and behind it: "m01", "week 7".
var numbered = regexp.MustCompile(`^(.*?)0*(\d{1,9})(\D*)$`)

// periodOf reads a heading; ok is false where it tells no period.
func periodOf(heading string, forms []form) (p period, ok bool) {
	text := strings.TrimSpace(heading)
	for _, form := range forms {
		if m := form.pattern.FindStringSubmatch(text); m != nil {
			if number, ok := form.read(m); ok {
				return period{form.kind, number}, true
			}
		}
	}
	for _, layout := range []string{"Jan 2006", "Jan-2006", "Jan-06", "January 2006", "2006 Jan", "2006-Jan"} {
		if t, err := time.Parse(layout, text); err == nil {
			return period{"month", t.Year()*12 + int(t.Month())}, true
		}
	}
	if m := numbered.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[2])
		return period{strings.ToLower(m[1] + "#" + m[3]), n}, err == nil
	}
	return period{}, false
}

// form is a way to write a period.
type form struct {
	kind    string
	pattern *regexp.Regexp
	read    func(m []string) (int, bool)
}

func forms() []form {
	return []form{
		{"day", regexp.MustCompile(`^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})([T ].*)?$`), dayOf},
		{"month", regexp.MustCompile(`^(\d{4})[-/.年]?(0?[1-9]|1[0-2])月?$`), yearPart(12, 1, 2)},
		{"month", regexp.MustCompile(`^(0?[1-9]|1[0-2])[-/.](\d{4})$`), yearPart(12, 2, 1)},
		{"quarter", regexp.MustCompile(`^(\d{4})[-/ ]?[Qq]([1-4])$`), yearPart(4, 1, 2)},
		{"quarter", regexp.MustCompile(`^[Qq]([1-4])[-/ ]?(\d{4})$`), yearPart(4, 2, 1)},
		{"week", regexp.MustCompile(`^(\d{4})-?[Ww](\d{2})$`), weekOf},
	}
}

func yearPart(parts, year, part int) func(m []string) (int, bool) {
	return func(m []string) (int, bool) {
		y, errYear := strconv.Atoi(m[year])
		p, errPart := strconv.Atoi(m[part])
		return y*parts + p, errors.Join(errYear, errPart) == nil
	}
}

func dayOf(m []string) (int, bool) {
	t, err := time.Parse("2006 01 02", m[1]+" "+m[2]+" "+m[3])
	return int(t.Unix() / 86400), err == nil
}

// weekOf is the number of an ISO week: that of its Monday.
func weekOf(m []string) (int, bool) {
	year, errYear := strconv.Atoi(m[1])
	week, errWeek := strconv.Atoi(m[2])
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // is always in week 1
	monday := int(fourth.Unix()/86400) - (int(fourth.Weekday())+6)%7
	return monday/7 + week, errors.Join(errYear, errWeek) == nil && week >= 1 && week <= 53
}

// checkHeadings tells what is wrong with the headings of the columns kept.
func checkHeadings(table *sheet.Sheet, keep []int) []error {
	periods, known := make([]period, len(keep)), make([]bool, len(keep))
	ways, counts := forms(), map[string]int{}
	for i, column := range keep {
		if periods[i], known[i] = periodOf(table.Header[column], ways); known[i] {
			counts[periods[i].kind]++
		}
	}
	kind, most := "", 0
	for i, p := range periods {
		if known[i] && counts[p.kind] > most {
			kind, most = p.kind, counts[p.kind]
		}
	}
	if most == 0 {
		return nil
	}
	var faults []error
	var names []string
	var numbers []int
	for i, column := range keep {
		name := table.Header[column]
		if !known[i] || periods[i].kind != kind {
			faults = append(faults, fmt.Errorf("%s: not a period as the others are: "+
				"leave it out by --ignore, or name it as they are", table.Heading(name)))
			continue
		}
		names, numbers = append(names, name), append(numbers, periods[i].number)
	}
	if kind == "day" {
		numbers = calendar(numbers)
	}
	return append(faults, checkOrder(table, names, numbers)...)
}

// calendar are days that lie a month or more apart as months: those are not of one length.
func calendar(days []int) []int {
	months := make([]int, len(days))
	for i, d := range days {
		if i > 0 && max(d-days[i-1], days[i-1]-d) < 28 {
			return days
		}
		t := time.Unix(int64(d)*86400, 0).UTC()
		months[i] = t.Year()*12 + int(t.Month())
	}
	return months
}

// checkOrder wants the numbers to rise by one step.
func checkOrder(table *sheet.Sheet, names []string, numbers []int) (faults []error) {
	if len(numbers) < 2 {
		return nil
	}
	if slices.IsSortedFunc(numbers, func(a, b int) int { return cmp.Compare(b, a) }) {
		return []error{fmt.Errorf("%s: the periods run from the newest to the oldest: "+
			"turn the columns round, the oldest first", table.Heading(names[0]))}
	}
	step := 0
	for i, n := range numbers[1:] {
		if d := n - numbers[i]; d > 0 && (step == 0 || d < step) {
			step = d
		}
	}
	for i, n := range numbers[1:] {
		switch d := n - numbers[i]; {
		case d <= 0:
			faults = append(faults, fmt.Errorf("%s: comes after %q: want the oldest first, each once",
				table.Heading(names[i+1]), names[i]))
		case d != step:
			faults = append(faults, fmt.Errorf("%s: follows %q, with a gap between: "+
				"add the columns between, their cells empty where nothing is known", table.Heading(names[i+1]), names[i]))
		}
	}
	return faults
}

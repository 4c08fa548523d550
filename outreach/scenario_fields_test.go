package outreach_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"presage"
)

// fieldOf finds a field by its name in a script: "due_at" is DueAt,
// "policy.hold_out" is Policy.HoldOut.
func fieldOf(v reflect.Value, name string) (reflect.Value, bool) {
	first, rest, deeper := strings.Cut(name, ".")
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	plain := strings.ReplaceAll(first, "_", "")
	f := v.FieldByNameFunc(func(have string) bool { return strings.EqualFold(have, plain) })
	if f.IsValid() && deeper {
		return fieldOf(f, rest)
	}
	return f, f.IsValid()
}

// fill sets fields of the struct that to points to from the options that are left.
func (s *scenario) fill(st *step, to any) {
	for key := range st.opts {
		f, ok := fieldOf(reflect.ValueOf(to), key)
		if !ok {
			st.fatalf("unknown option %q of %T", key, to)
		}
		s.set(st, f, st.opt(key, ""))
	}
}

func (s *scenario) set(st *step, f reflect.Value, text string) {
	switch f.Interface().(type) {
	case time.Duration:
		f.SetInt(int64(st.duration(text)))
		return
	case time.Time:
		f.Set(reflect.ValueOf(s.moment(st, text)))
		return
	case presage.Text:
		f.Set(reflect.ValueOf(presage.Text{ZH: text, EN: text}))
		return
	case map[string]presage.Text: // "norvik:Norvik"
		brand, name, _ := strings.Cut(text, ":")
		f.Set(reflect.ValueOf(map[string]presage.Text{brand: {ZH: name, EN: name}}))
		return
	case presage.Closure: // "2026-12-24/2026-12-26"
		from, to, _ := strings.Cut(text, "/")
		f.Set(reflect.ValueOf(presage.Closure{From: from, To: to}))
		return
	case presage.Absence: // "berlin-tech1/2026-11-03"
		who, from, _ := strings.Cut(text, "/")
		from, to, _ := strings.Cut(from, "/")
		f.Set(reflect.ValueOf(presage.Absence{Resource: who, Closure: presage.Closure{From: from, To: to}}))
		return
	case []presage.WeekHours:
		f.Set(reflect.ValueOf(weekHours(st, text)))
		return
	case []time.Weekday:
		f.Set(reflect.ValueOf(weekdays(st, text)))
		return
	}
	switch f.Kind() {
	case reflect.String:
		f.SetString(text)
	case reflect.Bool:
		f.SetBool(text == "yes")
	case reflect.Int, reflect.Int64:
		f.SetInt(int64(st.number(text)))
	case reflect.Float64:
		f.SetFloat(st.float(text))
	case reflect.Slice:
		f.SetZero()
		for item := range strings.SplitSeq(text, ",") {
			x := reflect.New(f.Type().Elem()).Elem()
			s.set(st, x, item)
			f.Set(reflect.Append(f, x))
		}
	default:
		st.fatalf("cannot set a %s", f.Type())
	}
}

func weekdays(st *step, text string) []time.Weekday {
	var days []time.Weekday
	if text == "never" {
		return nil
	}
	for name := range strings.SplitSeq(text, ",") {
		i := slices.IndexFunc([]time.Weekday{0, 1, 2, 3, 4, 5, 6}, func(d time.Weekday) bool {
			return strings.EqualFold(d.String()[:3], name)
		})
		if i < 0 {
			st.fatalf("unknown weekday %q", name)
		}
		days = append(days, time.Weekday(i))
	}
	return days
}

// compare checks the options that are left against the fields of have.
func (s *scenario) compare(st *step, what string, have any) {
	var wrong []string
	for key := range st.opts {
		f, ok := fieldOf(reflect.ValueOf(have), key)
		if !ok {
			st.fatalf("%s has no field %q", what, key)
		}
		if want, is := st.opt(key, ""), s.show(f); want != is {
			wrong = append(wrong, fmt.Sprintf("%s: want %q, have %q", key, want, is))
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		st.fatalf("%s is not as expected\n%s", what, strings.Join(wrong, "\n"))
	}
}

// show is a value as a script writes it.
func (s *scenario) show(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Time:
		return s.clock(x)
	case time.Duration:
		return strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(x.String())
	case presage.VIN:
		for name, car := range s.cars {
			if car.VIN == x {
				return name
			}
		}
	case presage.Text:
		return x.EN
	case presage.Money:
		return fmt.Sprintf("%d.%02d", x.Minor/100, x.Minor%100)
	case presage.PartQuantity:
		return fmt.Sprintf("%s*%d", x.Part, x.Quantity)
	case bool:
		return map[bool]string{true: "yes", false: "no"}[x]
	}
	if v.Kind() == reflect.Slice {
		var items []string
		for i := range v.Len() {
			items = append(items, s.show(v.Index(i)))
		}
		return strings.Join(items, ",")
	}
	return fmt.Sprint(v.Interface())
}

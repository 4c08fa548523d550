package problem

import "strings"

// Fault is one of the things that are wrong with an input.
type Fault struct {
	Place string // the field's path, such as "vehicles[0].vin"; "" for the whole
	Text  string
}

// placeRunes are those of a field's path.
const placeRunes = "abcdefghijklmnopqrstuvwxyz_0123456789[]."

// Faults parts the text of joined errors into its faults, each at its field
// where it begins with one.
func Faults(detail string) []Fault {
	var list []Fault
	for line := range strings.SplitSeq(detail, "\n") { // of errors.Join
		place, text, _ := strings.Cut(line, ": ")
		if place == "" || strings.Trim(place, placeRunes) != "" {
			place, text = "", line
		}
		list = append(list, Fault{place, text})
	}
	return list
}

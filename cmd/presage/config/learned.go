package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"presage/cmd/presage/lab/training"
	"presage/models"
)

// Learned is files of learned hazards by component: in YAML a section, in a
// variable or a flag COMPONENT=FILE with commas between.
type Learned map[string]string

const learnedKey = "models.learned"

var errLearned = errors.New("want a section of COMPONENT: FILE, or COMPONENT=FILE,COMPONENT=FILE")

// read takes the files as a file, a variable or a flag has them.
func (l *Learned) read(raw any) (err error) {
	out := Learned{}
	switch x := raw.(type) {
	case map[string]any:
		for id, file := range x {
			text, _ := file.(string) // what is not text is empty, and refused
			err = errors.Join(err, out.add(id, text))
		}
	case string:
		for pair := range strings.SplitSeq(x, ",") {
			if strings.TrimSpace(pair) != "" {
				id, file, _ := strings.Cut(pair, "=")
				err = errors.Join(err, out.add(id, file))
			}
		}
	default:
		err = errLearned
	}
	if err == nil {
		*l = out
	}
	return err
}

func (l Learned) add(id, file string) error {
	id, file = strings.TrimSpace(id), strings.TrimSpace(file)
	if _, twice := l[id]; id == "" || file == "" || twice {
		return fmt.Errorf("%q: %w, each component once", maskText(id), errLearned)
	}
	l[id] = file
	return nil
}

// learned checks that every file is there, is a sound model and asks for
// nothing that the service does not compute. Whether the catalogue has the
// component is seen when the service opens it.
func (v *check) learned() {
	for _, id := range slices.Sorted(maps.Keys(v.e.Models.Learned)) {
		file, err := training.Load(v.e.Models.Learned[id])
		if err == nil {
			err = models.CheckHazard(&file.Model)
		}
		v.require(err == nil, learnedKey, "%s: %v", id, err)
	}
	w := v.e.Models.LearnedWeight
	v.require(w >= 0 && w <= 1, "models.learned_weight", "%g: want a share of 0-1", w)
}

package presage

import (
	"cmp"
	"fmt"
	"slices"
)

// PartsMaster is the parts of the catalogue as imports have left them: an imported row stands in
// the place of the catalogue's of its number, or beside them. It never changes once it is made.
type PartsMaster struct {
	Version int64 // that of the last import, 0 before the first
	parts   []Part
	at      map[string]int
}

// NewPartsMaster lays imported rows over those of the catalogue.
func NewPartsMaster(version int64, base, imported []Part) *PartsMaster {
	m := &PartsMaster{Version: version, parts: slices.Clone(base), at: make(map[string]int, len(base)+len(imported))}
	for i, p := range base {
		m.at[p.Number] = i
	}
	byNumber := func(a, b Part) int { return cmp.Compare(a.Number, b.Number) }
	for _, p := range slices.SortedFunc(slices.Values(imported), byNumber) {
		if i, known := m.at[p.Number]; known {
			m.parts[i] = p
			continue
		}
		m.at[p.Number] = len(m.parts)
		m.parts = append(m.parts, p)
	}
	return m
}

// Part returns the part with the given number; ErrNotFound if there is none.
func (m *PartsMaster) Part(number string) (Part, error) {
	i, known := m.at[number]
	if !known {
		return Part{}, fmt.Errorf("part %q: %w in the catalogue", number, ErrNotFound)
	}
	return m.parts[i], nil
}

// All are all parts, those of the catalogue first. The caller changes none of them.
func (m *PartsMaster) All() []Part { return m.parts }

// Master is the parts master as it is now.
func (c *Catalogue) Master() *PartsMaster {
	if c.PartBook != nil {
		return c.PartBook()
	}
	return NewPartsMaster(0, c.Parts, nil)
}

// Frozen is the catalogue with the parts as they are now, for who must see the same twice.
func (c *Catalogue) Frozen() *Catalogue {
	frozen, master := *c, c.Master()
	frozen.PartBook = func() *PartsMaster { return master }
	return &frozen
}

// Check names, by field, what is wrong with a part by itself.
func (p Part) Check(wrong func(field string, err error)) {
	wrong("part", CheckID(p.Number))
	for field, name := range map[string]string{"name_zh": p.Name.ZH, "name_en": p.Name.EN} {
		if err := CheckPlain(name, longestPartName); err != nil || name == "" {
			wrong(field, cmp.Or(err, fmt.Errorf("%w: it is missing: a part has a name in Chinese and in English", ErrInvalid)))
		}
	}
	if len(p.Cost.Currency) != 3 {
		wrong("currency", fmt.Errorf("%w: %.10q: want three letters, such as EUR", ErrInvalid, p.Cost.Currency))
	}
}

const longestPartName = 200

package stock

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"presage"
)

// Chains says which parts replace which. The zero value replaces none. It is
// safe for concurrent use.
type Chains struct {
	newest map[string]string   // of each replaced part, the one at the end of its chain
	olds   map[string][]string // of each newest part, all that it stands for, the youngest first
}

// NewChains takes, for a part, the parts that it replaces directly. A part
// that replaces itself over any number of steps, or that two parts replace, is
// an ErrInvalid naming the parts; all such faults are told at once.
func NewChains(supersedes map[string][]string) (Chains, error) {
	next, faults := inverse(supersedes)
	c := Chains{newest: make(map[string]string, len(next)), olds: map[string][]string{}}
	steps, looped := make(map[string]int, len(next)), map[string]bool{}
	for _, old := range slices.Sorted(maps.Keys(next)) {
		path := []string{old}
		at, more := next[old], true
		for more && !slices.Contains(path, at) {
			path = append(path, at)
			if _, more = next[at]; more {
				at = next[at]
			}
		}
		if more {
			if ring := path[slices.Index(path, at):]; !looped[slices.Min(ring)] {
				looped[slices.Min(ring)] = true
				faults = append(faults, strings.Join(ring, " is replaced by ")+" is replaced by "+ring[0])
			}
			continue
		}
		c.newest[old], steps[old] = at, len(path)
		c.olds[at] = append(c.olds[at], old)
	}
	if len(faults) > 0 {
		return Chains{}, fmt.Errorf("%w supersession: %s: let each part be replaced by one newer part at most",
			presage.ErrInvalid, strings.Join(faults, "; "))
	}
	for _, olds := range c.olds {
		slices.SortFunc(olds, func(a, b string) int { return cmp.Or(steps[a]-steps[b], cmp.Compare(a, b)) })
	}
	return c, nil
}

// inverse says for each part what replaces it, and of which that is not clear.
func inverse(supersedes map[string][]string) (next map[string]string, faults []string) {
	next = map[string]string{}
	for _, part := range slices.Sorted(maps.Keys(supersedes)) {
		for _, old := range supersedes[part] {
			if by, taken := next[old]; taken && by != part {
				faults = append(faults, fmt.Sprintf("%s is replaced by %s and by %s", old, by, part))
				continue
			}
			next[old] = part
		}
	}
	return next, faults
}

// Newest is the part to order for the part: itself when nothing replaces it.
func (c Chains) Newest(part string) string {
	if newest, ok := c.newest[part]; ok {
		return newest
	}
	return part
}

// Olds are all parts that the part stands for, the youngest first; read only.
// None for a part that is itself replaced.
func (c Chains) Olds(part string) []string { return c.olds[part] }

// Replaced tells whether the part is no longer ordered.
func (c Chains) Replaced(part string) bool { _, ok := c.newest[part]; return ok }

// Merge sums the stocks of interchangeable parts under the newest, per depot,
// ordered by part, then depot: old pieces are used first and count in the
// position of the new part. The rows are left alone.
func (c Chains) Merge(rows []presage.Stock) []presage.Stock {
	out := make([]presage.Stock, len(rows))
	for i, s := range rows {
		s.Part = c.Newest(s.Part)
		out[i] = s
	}
	slices.SortFunc(out, func(a, b presage.Stock) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.DepotID, b.DepotID))
	})
	n := 0
	for i, s := range out {
		if i > 0 && out[n-1].Part == s.Part && out[n-1].DepotID == s.DepotID {
			out[n-1].OnHand += s.OnHand
			out[n-1].Reserved += s.Reserved
			out[n-1].OnOrder += s.OnOrder
			continue
		}
		out[n] = s
		n++
	}
	return out[:n]
}

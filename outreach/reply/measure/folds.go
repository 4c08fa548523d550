package measure

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Folds gives each row one of n folds. Rows of one template go into the same
// fold: those that share half of their pieces, also by way of others. So no
// reply is judged by a model that has seen its twin.
func Folds(rows []Row, n int) []int {
	pieces := make([][]string, len(rows))
	for i, r := range rows {
		pieces[i] = piecesOf(r.Text)
	}
	groups := groupsOf(pieces)
	slices.SortStableFunc(groups, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	fold, size := make([]int, len(rows)), make([]int, n)
	for _, g := range groups {
		smallest := slices.Index(size, slices.Min(size))
		for _, i := range g {
			fold[i] = smallest
		}
		size[smallest] += len(g)
	}
	return fold
}

// groupsOf joins rows that share half of their pieces.
func groupsOf(pieces [][]string) [][]int {
	root := make([]int, len(pieces))
	var find func(int) int
	find = func(i int) int {
		if root[i] != i {
			root[i] = find(root[i])
		}
		return root[i]
	}
	having := map[string][]int{}
	for i, own := range pieces {
		root[i] = i
		shared := map[int]int{}
		for _, p := range own {
			for _, j := range having[p] {
				shared[j]++
			}
			having[p] = append(having[p], i)
		}
		for j, both := range shared {
			if 2*both >= len(own)+len(pieces[j])-both {
				root[max(find(i), find(j))] = min(find(i), find(j))
			}
		}
	}
	at, groups := map[int]int{}, [][]int(nil)
	for i := range pieces {
		g, known := at[find(i)]
		if !known {
			g = len(groups)
			at[find(i)] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

// piecesOf are a text's runs of three letters, or of two Chinese characters; all
// numbers are one.
func piecesOf(text string) []string {
	size, plain, number := 3, []rune{' '}, false
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsDigit(r) && number:
			continue
		case unicode.IsDigit(r):
			r = '0'
		case !unicode.IsLetter(r):
			r = ' '
		}
		if number = r == '0'; unicode.Is(unicode.Han, r) {
			size = 2
		}
		if r != ' ' || plain[len(plain)-1] != ' ' {
			plain = append(plain, r)
		}
	}
	if plain[len(plain)-1] != ' ' {
		plain = append(plain, ' ')
	}
	var list []string
	for i := range max(1, len(plain)-size+1) {
		list = append(list, string(plain[i:min(len(plain), i+size)]))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

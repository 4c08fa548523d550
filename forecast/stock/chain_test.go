package stock_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast/stock"
)

func chains(tb testing.TB, supersedes map[string][]string) stock.Chains {
	tb.Helper()
	c, err := stock.NewChains(supersedes)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// C replaces B, B replaces A and A2; E stands alone.
func TestChains(t *testing.T) {
	t.Parallel()
	c := chains(t, map[string][]string{"C": {"B"}, "B": {"A", "A2"}, "E": nil})
	for part, want := range map[string]string{"A": "C", "A2": "C", "B": "C", "C": "C", "E": "E", "unknown": "unknown"} {
		if got := c.Newest(part); got != want || c.Replaced(part) != (part != want) {
			t.Errorf("newest of %s is %s, want %s", part, got, want)
		}
	}
	if diff := cmp.Diff([]string{"B", "A", "A2"}, c.Olds("C")); diff != "" || c.Olds("B") != nil || c.Olds("E") != nil {
		t.Error(diff, c.Olds("B"))
	}
}

func TestChainsMerge(t *testing.T) {
	t.Parallel()
	c := chains(t, map[string][]string{"C": {"B"}, "B": {"A"}})
	rows := []presage.Stock{
		{DepotID: "sh", Part: "C", OnHand: 1, OnOrder: 20},
		{DepotID: "bj", Part: "E", OnHand: 4},
		{DepotID: "sh", Part: "A", OnHand: 7, Reserved: 2},
		{DepotID: "bj", Part: "B", OnHand: 3},
	}
	before := append([]presage.Stock{}, rows...)
	want := []presage.Stock{
		{DepotID: "bj", Part: "C", OnHand: 3},
		{DepotID: "sh", Part: "C", OnHand: 8, Reserved: 2, OnOrder: 20},
		{DepotID: "bj", Part: "E", OnHand: 4},
	}
	if diff := cmp.Diff(want, c.Merge(rows)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, rows); diff != "" {
		t.Error("the rows were changed", diff)
	}
}

func TestChainsRefuse(t *testing.T) {
	t.Parallel()
	for want, supersedes := range map[string]map[string][]string{
		"A is replaced by A": {"A": {"A"}},
		"A is replaced by B is replaced by C is replaced by A":                       {"B": {"A"}, "C": {"B"}, "A": {"C"}},
		"A is replaced by B and by C":                                                {"B": {"A"}, "C": {"A"}},
		"K is replaced by L and by M; A is replaced by B is replaced by A: let each": {"B": {"A"}, "A": {"B", "tail"}, "L": {"K"}, "M": {"K"}},
	} {
		_, err := stock.NewChains(supersedes)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	var none stock.Chains
	if none.Newest("A") != "A" || none.Replaced("A") {
		t.Error("the zero value replaces something")
	}
}

func ExampleChains() {
	c, err := stock.NewChains(map[string][]string{"PAD-3": {"PAD-2"}, "PAD-2": {"PAD-1"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Newest("PAD-1"), c.Olds("PAD-3"))
	// Output: PAD-3 [PAD-2 PAD-1]
}

package presage_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"presage"
)

// The check letter finds every wrong letter and every swap of two neighbours.
func TestCouponCodeFindsMistakes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letter := rapid.SampledFrom([]byte(presage.CouponLetters))
		body := string(rapid.SliceOfN(letter, presage.CouponLength-1, presage.CouponLength-1).Draw(t, "body"))
		code := body + string(presage.CouponCheck(body))
		got, err := presage.ParseCouponCode(strings.ToLower(code[:4]) + "-" + code[4:] + " ")
		if err != nil || got != code {
			t.Fatalf("%s is read as %q: %v", code, got, err)
		}
		at := rapid.IntRange(0, len(code)-1).Draw(t, "at")
		wrong := []byte(code)
		wrong[at] = letter.Draw(t, "wrong")
		swapped := []byte(code)
		if at > 0 {
			swapped[at], swapped[at-1] = swapped[at-1], swapped[at]
		}
		for _, x := range []string{string(wrong), string(swapped)} {
			if _, err := presage.ParseCouponCode(x); x != code && !errors.Is(err, presage.ErrInvalid) {
				t.Fatalf("%s for %s is taken: %v", x, code, err)
			}
		}
	})
	for _, text := range []string{"", "ABC", "O0I1LABCD", strings.Repeat("2", 40)} {
		if _, err := presage.ParseCouponCode(text); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q: %v, want ErrInvalid", text, err)
		}
	}
}

func TestCouponOff(t *testing.T) {
	t.Parallel()
	c := presage.Coupon{Discount: presage.Money{Minor: 500, Currency: "CNY"}}
	for price, want := range map[presage.Money]int64{
		{Minor: 900, Currency: "CNY"}: 500, {Minor: 300, Currency: "CNY"}: 300, {Minor: 900, Currency: "EUR"}: 0,
	} {
		if got := c.Off(price); got.Minor != want || got.Currency != price.Currency {
			t.Errorf("off %s: %s, want %d", price, got, want)
		}
	}
}

package link_test

import (
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/outreach/link"
)

// A link names one offer and works until its time; it cannot be made without the key.
func ExampleSigner() {
	s, err := link.NewSigner("0123456789abcdef", "https://service.example")
	if err != nil {
		fmt.Println(err)
		return
	}
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	token := link.TokenOf(s.URL(s.Sign("o1", noon)))
	fmt.Println(s.Read(token, noon.Add(-time.Hour)))
	_, err = s.Read(token, noon.Add(time.Hour))
	fmt.Println(errors.Is(err, presage.ErrExpired))
	_, err = s.Read(token+"x", noon)
	fmt.Println(errors.Is(err, presage.ErrForbidden))
	// Output:
	// o1 <nil>
	// true
	// true
}

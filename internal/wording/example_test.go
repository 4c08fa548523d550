package wording_test

import (
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
)

func ExampleMoment() {
	at := time.Date(2026, 12, 9, 1, 0, 0, 0, time.UTC)
	cst := time.FixedZone("CST", 8*3600)
	fmt.Println(wording.Moment(presage.English, at, cst))
	fmt.Println(wording.Moment(presage.Chinese, at, cst))
	// Output:
	// Wed 9 Dec 09:00
	// 12月9日周三09:00
}

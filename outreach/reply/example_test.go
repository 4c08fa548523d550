package reply_test

import (
	"fmt"

	"presage/outreach/reply"
)

func ExampleParse() {
	for _, text := range []string{"2", "选3", "好的", "改期", "Stop.", "How much is it?"} {
		fmt.Printf("%s -> %q\n", text, reply.Parse(text).String())
	}
	// Output:
	// 2 -> "slot:2"
	// 选3 -> "slot:3"
	// 好的 -> "yes"
	// 改期 -> "reschedule"
	// Stop. -> "stop"
	// How much is it? -> "price"
}

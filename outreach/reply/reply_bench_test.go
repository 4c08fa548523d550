package reply_test

import (
	"testing"

	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// BenchmarkRead reads one reply of usual length in each language.
func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{
		"en": "sorry can't make monday, do you have anything thursday afternoon?",
		"zh": "不好意思，周一临时有事，周四下午有时间吗",
	} {
		b.Run(name, func(b *testing.B) {
			x := corpus.Offer()
			reply.Read(text, x) // loads the model
			b.ReportAllocs()
			for b.Loop() {
				reply.Read(text, x)
			}
		})
	}
}

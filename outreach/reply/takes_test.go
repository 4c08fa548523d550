package reply_test

import (
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// A time that is taken in one reading only is booked, however it is named: Monday 09:00,
// Tuesday 14:00 and Wednesday 10:30 are on offer.
func TestATimeThatIsTakenIsNotAskedBack(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"monday morning it is": 1,
		"Not monday, and definitely not wednesday, so I guess that settles it":          2,
		"I have dentist on monday and my wife needs the car wednesday so the other one": 2,
		"can't do 1 or 2, so 3 it is":                          3,
		"third one's the charm, book me in":                    3,
		"I will come at half past ten, thanks":                 3,
		"周三十点半，停车方便吗？":                                         3,
		"除了周二都不行":                                              2,
		"最靠后的那个":                                               3,
		"周一周三都要出差，剩下那个你懂的":                                     2,
		"I can stop by Monday at nine, that's perfect":         1,
		"can u book me in on tuesday":                          2,
		"the Tuesday afternoon one would suit us nicely":       2,
		"I'd prefer Wednesday if it's still free":              3,
		"mon 9am, is it ok to drive till then??":               1,
		"tues. how long do you need it for?":                   2,
		"nine oclock monday morning is fine on my way to work": 1,
		"make it 3 not 1":                                      3,
		"the last of those":                                    3,
		"earliest of the three please":                         1,
		"Second option, if it's not too much trouble":          2,
		"my wife handles that and she says 3":                  3,
		"2please":                                              2,
		"那就1号时段吧":                                              1,
		"最后面那个时间":                                              3,
		"中间那个吧":                                                2,
		"头一个吧":                                                 1,
		"第叁个":                                                  3,
		"方案三比较合适":                                              3,
		"老公说选2":                                                2,
		"刚才按错了，不是1是2":                                          2,
		"前两个都不行，第三个":                                           3,
		"除了周二都没时间":                                             2,
		"不要周一 要周三":                                             3,
		"周三吧 周一周二都要带团":                                         3,
		"行，就30号吧，这两天开着没事吧？":                                    1,
		"星期一九点我上班顺路过来":                                         1,
		"12月1日下午两点那个麻烦给我留一下，顺便问下一套多少钱": 2,
	} {
		m := reply.Read(text, corpus.Offer())
		if a := converse.Plan(m, corpus.Offer()); a != converse.Book || m.Slot != want {
			t.Errorf("%q is taken for %+v: %s, want slot %d", text, m, a, want)
		}
	}
}

// Where two readings are possible nothing is booked.
func TestATimeWithTwoReadingsIsNotBooked(t *testing.T) {
	t.Parallel()
	doesNot(t, corpus.Offer(), []string{
		"Monday is my day off", "monday it is not", "I can come monday or tuesday", "tuesday will be hell", "not monday",
		"not monday and not wednesday, how about thursday", "monday and wednesday don't work, what else do you have",
		"not monday. maybe tuesday, maybe not", "not monday, not wednesday and not tuesday", "not monday, not wednesday, later in the week",
		"can't do 1 or 2", "can't do 1 or 2, what about the week after", "one of the other ones, not monday", "1 or 2, so not 3",
		"周一周三都要出差", "周一周三不行，周四呢", "周一周三不行，剩下的时间看情况", "除了周二周三都不行", "周三十点半，或者周二",
		"monday at 9. is that the only one?", "Tuesday at 2, do you have anything earlier?", "monday 9am, is it still available?",
		"Monday at 9, isn't it?", "mon 9am or tue, does it take long?", "Tuesday. How much? If it's over 100 I won't come",
		"the last of these messages please", "the first of the month", "make it 3 not 12", "2 of them", "they says 3 days",
		"1 or 3, how long does it take?", "I can come monday but only at 5", "will be there monday if my boss lets me",
		"tomorrow before work", "monday before nine",
		"周二吧，周三也行", "就周二吧，要么周三", "除了周一都行", "除了周一都可以", "不要周一", "不要周一，周二周三都行", "前两个都不行",
		"头一个月", "月末尾吧", "中间有事", "不是1", "周一九点，还有别的时间吗", "就周一吧，能不能早点", "周三吧？还是周二", "周一九点，行不行",
		"我周一上班", "1和2都不行",
	}, converse.Book)
}

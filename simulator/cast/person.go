package cast

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"presage"
)

// Person is a customer with the character that nobody in the service sees.
// Every share is 0-1.
type Person struct {
	presage.Customer
	Attention float64 // that a message is opened
	Trust     float64 // that an opened offer is booked rather than put off
	Refusal   float64 // that an opened offer is declined
	Temper    float64 // that an unwanted message is answered by STOP
	Talk      float64 // that they ask to be called instead of tapping
	Slow      float64 // factor on the time they take, 1 ordinary
	Forgets   float64 // that they do not come
	Diligence float64 // that they look after tyres themselves
	Elsewhere float64 // that a worn part is replaced by somebody else first
}

// person invents the n-th customer, living in c since before start.
func person(r *rand.Rand, n int, c *City, start time.Time) Person {
	p := Person{Customer: presage.Customer{
		ID: fmt.Sprintf("cu-%06d", n+1), Lang: presage.English, Zone: c.Zone.String(), Tier: "standard",
	}}
	if !c.Europe && r.Float64() < 0.88 {
		p.Lang = presage.Chinese
	}
	p.Name, p.Phone = name(r, p.Lang), phone(n, c.Europe)
	if r.Float64() < 0.18 {
		p.Tier = "gold"
	}
	p.Consent = consent(r, start)
	if p.choosesEmail() {
		p.Email, p.Consent.Email = presage.Email(p.ID+"@mail.example"), true // reaches nobody: RFC 2606
	}
	p.Attention = 0.45 + 0.5*r.Float64()
	p.Trust = 0.5 + 0.4*r.Float64()
	p.Refusal = 0.02 + 0.1*r.Float64()
	p.Temper = 0.015 * r.ExpFloat64()
	p.Talk = 0.03 + 0.08*r.Float64()
	p.Slow = math.Exp(0.7 * r.NormFloat64())
	p.Forgets = 0.02 + 0.06*r.Float64()
	p.Diligence = r.Float64()
	if r.Float64() < 0.15 {
		p.Elsewhere = 0.4 + 0.6*r.Float64()
	}
	return p
}

// choosesEmail tells whether the person, who agreed to neither push nor SMS, takes
// e-mails instead: two of three do.
func (p *Person) choosesEmail() bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte("email|" + p.ID)) // a hash never fails
	return h.Sum32()%3 > 0 && !p.Consent.Push && !p.Consent.SMS && p.Consent.Source == "contract"
}

// HasApp tells whether the person has the maker's app: two of three do.
func (p *Person) HasApp() bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte("app|" + p.ID)) // a hash never fails
	return h.Sum32()%3 > 0
}

// Device is the person's phone, with the maker's app on it.
func (p *Person) Device() presage.Device {
	return presage.Device{
		ID: "phone", CustomerID: p.ID, Platform: presage.OtherPlatform, Token: presage.Secret("virtual-device-" + p.ID),
	}
}

// consent draws what a customer agreed to: most to something, a few to nothing.
func consent(r *rand.Rand, start time.Time) presage.Consent {
	c := presage.Consent{
		Push: r.Float64() < 0.72, SMS: r.Float64() < 0.75, Call: r.Float64() < 0.6,
		ChangedAt: day(start).AddDate(0, 0, -30-r.IntN(900)), Source: "contract",
	}
	if r.Float64() < 0.04 {
		c.Push, c.SMS, c.Call, c.Source = false, false, false, "app"
	}
	return c
}

// phone gives the n-th customer a number that reaches nobody (see the package
// comment). Numbers do not repeat among 50,000 customers.
func phone(n int, europe bool) presage.Phone {
	if !europe {
		return presage.Phone(fmt.Sprintf("+86100%08d", n))
	}
	if n < 1000 {
		return presage.Phone(fmt.Sprintf("+447700900%03d", n))
	}
	// The 555-01xx block exists in every North American area code, 200-999.
	return presage.Phone(fmt.Sprintf("+1%03d55501%02d", 200+(n/100)%800, n%100))
}

// name invents a name in the language's own order.
func name(r *rand.Rand, l presage.Lang) string {
	if l == presage.Chinese {
		family := []rune("陈林黄周吴徐孙胡朱高何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石")
		given := []string{
			"若溪", "子墨", "雨桐", "浩然", "思齐", "嘉言", "明哲", "清越", "望舒", "景行", "知远", "安澜",
			"书瑶", "云舟", "以宁", "承泽", "语嫣", "怀瑾", "一帆", "南星", "青禾", "向晚", "星野", "长风",
		}
		return string(family[r.IntN(len(family))]) + given[r.IntN(len(given))]
	}
	first := []string{
		"Alma", "Bram", "Cleo", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ines", "Joris", "Kaja", "Lennart",
		"Mira", "Nils", "Olive", "Pavel", "Quinn", "Rosa", "Sven", "Tilda", "Umar", "Vera", "Wim", "Yara",
	}
	last := []string{
		"Ahlgrim", "Brandov", "Carlisson", "Dornfeld", "Estermann", "Fairhollow", "Grunevald", "Hartwell",
		"Ivarsen", "Jessop", "Kestermann", "Lindqvar", "Marlowe", "Norrby", "Osterfeld", "Penhallow",
		"Quillfeather", "Rosendal", "Sandmark", "Thornbury", "Ullmark", "Vossberg", "Whitcombe", "Zellmer",
	}
	return first[r.IntN(len(first))] + " " + last[r.IntN(len(last))]
}

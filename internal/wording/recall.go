package wording

import (
	"slices"

	"presage"
)

// RecallPays says who pays for a recall.
func RecallPays() presage.Text {
	return presage.Text{ZH: "厂家承担，免费", EN: "free of charge, the maker pays"}
}

// recalled tells that the maker of the car asks for something of the visit.
func (v view) recalled() bool {
	return slices.ContainsFunc(v.Lines, func(x Line) bool { return x.Component.IsRecall() })
}

// recallOf is what stands before a recall's name.
func recallOf(l presage.Lang, c presage.Component) string {
	if c.SafetyCritical() {
		return presage.Text{ZH: "厂家安全召回：", EN: "safety recall by the maker: "}.In(l)
	}
	return presage.Text{ZH: "厂家服务活动：", EN: "service campaign by the maker: "}.In(l)
}

// recallSentence explains a recall to the car's owner.
func recallSentence(l presage.Lang, c presage.Component) string {
	if l == presage.Chinese {
		return recallOf(l, c) + c.Name.ZH + "。" + c.Why.ZH + "维修" + RecallPays().ZH + "。"
	}
	return capital(recallOf(l, c)) + c.Name.EN + ". " + c.Why.EN + " The repair is " + RecallPays().EN + "."
}

//! Traditional and variant characters of place names with their simplified forms.

use std::sync::LazyLock;

/// Pairs, the traditional or variant character first; for comparing names, never for writing them.
const PAIRS: &str = "\
區区縣县鄉乡鎮镇灣湾區区黨党眾众務务號号樓楼棟栋幢栋門门園园莊庄庒庄龍龙鳳凤馬马鳥鸟魚鱼雞鸡貓猫\
東东華华國国廣广廟庙廠厂廳厅應应慶庆康康廬庐庫库義义興兴陽阳陰阴陳陈陸陆隊队階阶際际險险隱隐隴陇\
學学寶宝實实寧宁審审寬宽寫写將将專专尋寻對对導导屆届層层屬属岡冈島岛峽峡崗岗嶺岭嶼屿巖岩岳岳\
幣币帥帅師师帶带幫帮廈厦張张強强彌弥彎弯彙汇彥彦後后徑径從从徵征德德復复惠惠愛爱慈慈憲宪懷怀戰战\
戲戏戶户拋抛挾挟掃扫揚扬換换損损搖摇撫抚擁拥擇择擊击擋挡據据擴扩擺摆攔拦敵敌數数斬斩斷断時时晉晋\
晝昼暉晖暢畅曆历曉晓曠旷書书會会條条來来楊杨極极構构樂乐樹树樸朴橋桥機机橫横檔档檢检櫃柜權权歐欧\
歡欢歲岁歷历歸归殘残殺杀殼壳氣气漢汉湯汤溝沟滅灭滬沪滿满漁渔漸渐潔洁潛潜潤润潘潘澗涧澤泽濁浊濟济\
濤涛濱滨瀋沈瀏浏瀘泸瀾澜灘滩灑洒為为烏乌無无煉炼煙烟熱热燈灯燒烧營营爐炉爭争爺爷爾尔牆墙獅狮獎奖\
獨独獲获獻献現现環环璽玺瓊琼產产畢毕畫画當当疊叠療疗發发皚皑盤盘盧卢監监眾众碼码磚砖礦矿礎础祿禄\
禍祸禪禅禮礼穀谷種种稱称積积穩稳穎颖窯窑窪洼竄窜競竞筆笔節节範范築筑簡简籃篮糧粮紀纪約约紅红納纳\
紙纸級级紡纺紫紫終终組组結结絕绝絡络給给統统絲丝經经綠绿維维綱纲網网緊紧緒绪線线緯纬編编緣缘縱纵\
總总織织繁繁繞绕繼继續续罷罢羅罗羊羊聖圣聯联聰聪聲声職职聽听肅肃脈脉脫脱腳脚腦脑膠胶臨临臺台舊旧\
艦舰艱艰藝艺節节芻刍莖茎萊莱萬万葉叶蒼苍蓋盖蓮莲蔣蒋蔥葱蔭荫蕭萧薑姜薦荐藍蓝藥药蘆芦蘇苏蘋苹蘭兰\
處处虛虚蝦虾螢萤蟲虫蠶蚕衆众術术衛卫衝冲補补裝装裡里裏里製制複复褲裤見见規规視视親亲覽览觀观觸触\
訂订計计訊讯討讨訓训記记設设許许訴诉診诊詔诏評评詞词詢询試试詩诗誠诚話话該该詳详語语誤误說说誰谁\
課课調调談谈請请論论諸诸諾诺謀谋謙谦講讲謝谢證证識识譚谭議议護护讀读變变讓让豐丰貝贝財财貢贡貧贫\
貨货貫贯責责貴贵買买貿贸賀贺資资賈贾賓宾賞赏賢贤賣卖賦赋質质賴赖購购贈赠贊赞趙赵躍跃車车軌轨軍军\
軒轩軟软軸轴較较載载輔辅輕轻輝辉輪轮輸输轄辖轉转轎轿農农辦办邊边遊游運运過过達达違违遙遥適适遠远\
選选遷迁遼辽還还邁迈郵邮鄒邹鄭郑鄧邓鄰邻鄖郧醫医釀酿釋释釐厘針针釣钓鈔钞鈴铃鉛铅銀银銅铜銘铭銳锐\
鋁铝鋒锋鋪铺鋼钢錄录錢钱錦锦錫锡鍋锅鍵键鍾钟鎖锁鎳镍鏡镜鐘钟鐵铁鑄铸鑫鑫鑼锣長长閉闭開开閒闲閔闵\
閘闸閣阁閩闽閱阅闆板闊阔關关阪坂陝陕陣阵陽阳隨随雋隽雖虽雙双雜杂離离難难雲云電电霧雾靈灵靜静韋韦\
韓韩響响頁页頂顶項项順顺預预頓顿頗颇領领頭头頻频題题顏颜願愿類类顧顾顯显風风飛飞飯饭飲饮館馆餘余\
騎骑騰腾驗验驚惊驛驿驢驴髮发鬥斗鬧闹鮑鲍鮮鲜鯉鲤鯨鲸鴉鸦鴨鸭鴻鸿鵝鹅鶴鹤鷹鹰鹽盐麗丽麥麦麵面黃黄\
點点齊齐齋斋齡龄龐庞龔龚龜龟們们個个倉仓偉伟側侧備备傑杰傳传債债僑侨價价儀仪億亿優优儲储兒儿內内\
兩两冊册凍冻劃划劉刘創创劍剑劇剧動动勝胜勞劳勢势勵励勸劝匯汇單单卻却厭厌參参吳吴呂吕員员問问啓启\
啟启喬乔嘆叹嘉嘉嚴严團团圍围圓圆圖图執执堅坚報报場场塊块塔塔塗涂塵尘墊垫墜坠墾垦壇坛壓压壘垒壯壮\
壺壶壽寿夢梦夾夹奧奥奪夺婦妇媽妈嬌娇孫孙宮宫寢寝巒峦牀床甯宁崑昆崙仑崐昆堃坤堺界峯峰峰峰邨村\
畝亩埗埠尷尴綫线羣群群群着着鉄铁竝并並并囯国亙亘朶朵甦苏蹟迹跡迹菓果隄堤坵丘邱邱郷乡髙高塚冢佈布\
係系佔占僕仆颱台檯台瀧泷鹼碱黌黉閤合昇升陞升徧遍蔴麻蓆席隣邻岀出淨净涼凉準准溫温滙汇湧涌烱炯";

/// The pairs in order of their first character; the first of a character counts.
static SORTED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut sorted = Vec::with_capacity(PAIRS.len() / 6);
    let mut pairs = PAIRS.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        sorted.push((from, to));
    }
    sorted.sort_by_key(|(from, _)| *from);
    sorted.dedup_by_key(|(from, _)| *from);
    sorted
});

/// The simplified form of a character; itself if it has none here.
pub(super) fn simplified(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    SORTED.binary_search_by_key(&c, |(from, _)| *from).map_or(c, |at| SORTED[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_whole_and_leads_to_an_end() {
        assert_eq!(PAIRS.chars().count() % 2, 0);
        assert!(PAIRS.chars().count() > 1000);
        for (i, to) in PAIRS.chars().enumerate().filter(|(i, _)| i % 2 == 1) {
            assert_eq!(simplified(to), to, "pair {i}");
        }
        for (from, to) in [('區', '区'), ('縣', '县'), ('灣', '湾'), ('臺', '台'), ('裡', '里'), ('村', '村')]
        {
            assert_eq!(simplified(from), to);
        }
    }
}

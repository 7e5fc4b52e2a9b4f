"""How common word stems are in news of ten languages; written by bench/common_words.py.

Each line of a band holds stems that about one document in so many has, in the language where the
stem is commonest. A stem that stands nowhere here is rare. Counted on the graded pairs of
SemEval-2022 task 8 (2020) and headlines of the UCI News Aggregator (2014).
"""

from __future__ import annotations

# One document in so many has these stems.
_BANDS: dict[int, str] = {
    2: """
    che 一个 我们
    """,
    4: """
    alla anno ano au corona dell este fur hanno icin jak korona mas non ont par piu qu sont
    stato года которы после إن اليوم بعد خلال فيروس كورونا 中的 他们 们的 可以 可能 因为 年的 开始 所有 是一 正在 没有
    的一 美国 表示 这是 通过
    """,
    8: """
    acıkla ai ale all allema anos apres bakanl baskan bedzie beledi bin bundes calısm ce chef
    ciudad co comme contre covid crise dakika dan declar desde deutsc dopo dpa due estado ete
    etre fait fue gegen gobier gore gun inform inizia juz kapsam krise ktore ktory loro lundi ma
    marted mentre mercol merkez miejsc mierco minist nacion nedeni nella nin nuevo nuovo nın
    olan olarak oldugu parte person podcza poinfo polize polski powied premie presid prezyd
    primer quando roku saglık salgın second sprawi stati suo sus sylwes ta tak tum turkiy tym
    uber uno uzerin ville virus wurde yapıla yeni został больше был были время год году декабр
    женщин когда лет нового он они полици послед предст то того челове являет января أعلن أنه
    الجديد الرئيس الصحة العالم العربي الماضي المتحد المستج المصري بين تم حالة رئيس عبر عدد فى
    قال لا محمد مصر وقال يوم 一些 一名 一年 一直 一种 一起 一项 不是 世界 之一 之前 了一 人员 人的 什么 今年 他的 以及 们在 任何 使用 信息
    公司 关于 其中 其他 准备 包括 发现 发生 受到 周三 国家 在一 地区 大的 如果 子邮 将在 岁的 工作 已经 希望 帮助 影响 总统 您的 情况 成为 报道 提供 支持 政府
    故事 新年 新的 新闻 时候 时间 更多 期间 来自 根据 民主 活动 现在 电子 的人 的新 的是 的最 第一 继续 美元 自己 获得 行的 计划 认为 调查 这一 这个 这些 进行
    邮件 重要 问题 需要
    """,
    16: """
    ab abbiam aby actual actuel ad affair afferm aggiun alcuni alle alors altro alınan americ
    ameryk anche andere andrze anni annonc ans anunci ap ardınd arrest aument autori autres
    autric avant aver avoir baglı bambin baslad belirl belirt berlin bugun buluna bulund byc
    calısa capoda cas casa cdu centro certai cette chance chcesz chiama ci cinque citta city
    colpit com comenz commen comuni consei contin contra contro cuatro cui cumhur czy cıkan daha
    daki dal dall dalla deki democr depuis despue detto deux devam devlet dia diciem dienst dies
    dijo divent donald donner dos dotycz duda dunya durant durumu duzenl econom eden edildi
    egalem eines ekiple emniye empres enero entrep epidem erano ersten essere estan etait etat
    etats etkisi euro facebo faire fatto fevrie financ fois foto france frau gelen gemein genel
    genera gennai gercek gibt giorno go goster gouver grande grosse guncel guney gunler gunu
    hasta hastal hastan hatte hayatı hombre homme hospit hoy ihre ilcesi ilk ilosc immer inizio
    intorn invest i̇cisl i̇stan jahr jahres jahrig jedna jednak jego jesli jestem jetzt jour
    kadar karsı karsıl kiedy kisi kobiet kolejn kommen komuni korzys kovid ktora ktoreg ktoryc
    ktos kullan kurulu lavora leur lieu lors lub lunes maggio mahall maja mamy mann marche mardi
    mart martes mattin media mensch mercat mesure mexico meydan milion mittwo modo monde mondo
    montag mozna mucade mudurl munici nam nation nde nei nell nelle neuen nombre nous nouvel
    nuestr nueva nun nuova ochron odnoto oficia oggi oldu onleml organi osob ostatn osterr pais
    pandem pap papiez parti pays pero photo piatek pierws pod podejr pojawi polici policj polis
    politi polity polizi polsce polska ponad ponied poniew possib połacz prasid prepar presen
    presse prima primo princi probab prozen przy przykr przypa pubbli public puo questa questo
    rappor regier region regist reklam rispos rok rownie rue sa saat sagte sans sara sayısı
    schwer secret segun seine seit semain ser servic settim sido social soll sollte solo sonra
    sosyal spd sposob sta stanno stata straci styczn sua subat sui sulla sytuac szpita tambie
    tarafı tedbir tej teknik temps ten tip titanf todo todos toplam toplan tout trabaj tras
    travai tre tres trump tutto tvp twitte twoj ue uhr ulkede unis uniti unter unters uomo usa
    valili vatand verlet vers violen waren warsza wczesn według weiter wieczo wieder wir wurden
    wyboro wybory yapıld yer yuksel zdrowi zwei zwiazk zwisch ın австра была было вы двух ее
    исслед их может новост новый она открыт подпис прогно резуль сказал сообщи среду только
    четвер чтобы этой أجل أكثر أو أي إدارة ابن ال الأخير الأربع الأيام الإجرا الاثني الاجتم
    الثلاث الجمعة الجيش الحر الحرية الحكوم الحوار الخارج الخميس الدكتو الدولة الرياض السبت العام
    العامة الفترة الفكر الفنان الفيرو القاهر الكبير الليبي المتمد المحلي المركز المقبل المواط
    انتشار بسبب بفيروس بيان تصريحا تفشي جائزة جديدة جميع حاز حديث حيث خاصة داخل ديمقرا رشد عبد
    علماني عليها غير فيديو كان كما للجميع للفكر للموقع لمدة له ليبيا ما مارس مجتمع مدني منذ موقع
    هذه هي والتي والثقا والعدا وزارة وزير يضمن 一份 一位 一场 一天 一样 一次 一步 上的 下一 下午 不会 个人 个月 中心 为了 为什
    为他 主党 主要 举行 之后 之间 了他 了解 了这 事件 事实 事情 于周 亚州 些时 人们 人和 人在 人都 今天 仍然 他在 他说 代表 以下 以在 以来 们将 价值 份声 似乎
    位于 作为 你的 保护 保持 做出 健康 元的 免费 党人 共和 关注 关闭 再次 写道 况下 几乎 出了 出现 分享 利亚 到了 加入 动的 努力 医院 十年 午夜 即将 历史 参加
    参议 发展 发布 发送 变化 变得 另一 只是 同时 后一 告诉 员的 周二 和他 因此 团队 国人 在他 在其 在周 在新 在过 在这 地方 地的 城市 增加 增长 声明 多数 多的
    女性 她的 好的 如何 如此 媒体 它们 安全 官员 宣布 家庭 家的 导人 导致 将于 小时 就像 尼亚 尽管 居民 州的 己的 年前 年来 并且 庆祝 应用 应该 当地 得到 必须
    性的 您可 意义 感到 感谢 成功 成员 我的 所以 批准 承诺 报告 担任 拥有 持续 指控 接受 提出 支付 改变 政治 数字 数据 文化 文章 斯特 方式 方法 无法 日在 早上
    是为 是在 是我 显示 晚上 普总 最初 最后 最大 最好 最新 最终 最近 有一 有人 有关 有时 有的 服务 朗普 机构 来的 来说 果您 样的 死亡 每个 每年 比赛 法律 游戏
    然后 照片 特朗 甚至 生活 生的 用于 用程 由于 男子 的下 的不 的事 的公 的地 的大 的家 的工 的影 的成 的数 的时 的生 的电 的第 的经 的高 目前 目标 目的 直在
    看到 知道 研究 社区 程序 竞选 第二 系列 纽约 组织 经历 经济 结束 编辑 网站 者的 而不 联合 联盟 联系 能会 英国 虽然 行了 行动 被捕 要求 要的 视频 解决 警察
    警方 订阅 许多 访问 试图 购买 费用 超过 达到 过去 这位 这样 这种 这里 进入 选择 部分 部门 重新 长的 间的 阅读 院的 随着 非常 项目 预计 领导 首次
    """,
    32: """
    aa abd accion accord accusa action acuerd acık adres adresu afx ahora alan almany altınd
    angeku angrif annee antaly anzeig apoyo april aracla arama arastı arasın arbeit arriva asi
    aufgru aujour ausges aussen bachel bakanı bank baslay beauco beginn beim beklen bereit
    berich besond bez bezpie bieber bild bildir bilgiy binler burger buyuk był była było cada
    cancel candid capita casi casos celebr centra ceza chce china chine chodzi cinco climat cok
    comisi commer commun compar confer confin confir contag cos cosa critic cual cuando cuenta
    cuma czwart czym damit dane dann danych decada decenn decyzj defens degerl dello demons
    deneti denizl dentro depart deport deprem dernie devrai dias diese diesem dieser dieses
    dikkat dipart direct discus dispos distri dni doch dokume doming domu donde doszło dove
    dowoln drei droht dudy dwa dzieki dzienn edilec edilme ediyor educac egitim einges einige
    electi electr emerge encore encuen ende entsch entwic equipo erdoga erklar erste espana
    especi espera estaba estata esto estudi eu europa europe evde ex extrem faaliy face famili
    fare fast fazla februa federa femmes fenerb fernan festge fin finale finans fine first
    fiscal flucht forder franci frankf freita frente fueron funcio fuori futbol gab game ganz
    gdzie gecen gecti geht geldi geneli gescha geschl gesund gibi gioved google gospod govern
    gran grand grune grunen guadag guvenl gwiazd habe haber haberi haberl habia hacer hambur
    handel hareke hatten herido heute histor hizmet ho horas icinde idari ihr ilgili iliski
    immagi import impues incele incend incide incyde insan instit intern ip iran italie itibar
    i̇l i̇ran ja jacek jahren jednym jedoch jefe jej jeudi jorge juan jueves jugend juin justic
    justin kam kampf kann kara katıld kaybed keine kinder koalit konnen konnte kontak konusu
    kraju kranke kundig kurz kwietn kısa land lander lange launch laut leben letni letzte lider
    ludzi luego luis lunedi macht mai mainte mal manera manner marzen meclis medica medida
    mehmet membre meme menos mensaj mercad mesafe mezczy miał miała mientr mieszk miglio mil
    milli millio millon milyon mittei mniej mochte mocno moga moglic moment moze mozemy mozliw
    mu muerte muerto mujer mundo murat muss musste nachde nachst nacht nad naduzy najwie nami
    nasze nawet nazion nda negli neue neues neujah nich nieder niedzi niz noche notici notizi
    nouvea nowego nowy nowych nuevos numero obowia odpowi offre ogromn ogłosi ohne olmaya oltre
    olustu online opubli osoby otros ots ovp oyuncu pablo panstw parlam partei partid partie
    pasado paylas permit perso pesar piccol pl plusie pokazu police popraw post potrze potwie
    powodu prawo prende proc procen proces prokur propos propri protes provin provoc prywat
    przeci przed przeds przeni przepr przypo przysz puede quasi quello quien ragazz rappre
    realiz recibi redes relaci releas report result richie riesgo rimast robote rzad saatle sagt
    salud samsta san schule scorso season sebast seguri sehit seinem seinen seiner sekild selon
    semana sempre serviz sia sicher sicure sieht siendo silves sistem snowde sondaz sonnta
    sonucu sosten sous specja spotka społec squadr sredni srode staats state steht stocks strass
    succes suleym sureci suriye swoje sxsw szczeg tahmin taki takze tanto tarde tarihl tecnol
    termin tesisl test testin ticare tiempo tl totale tous traves trotz trzy tutti tygodn ucagın
    uderzy udział uk ulastı ulke ulkele ultima umozli unfall unidos univer uns unsere untern
    uomini uyarı uygula uzere vaka venezu verein vergan verild verile verlan veroff versch
    versuc vez victim vida viel viele vierne virusu volta vorher vorsit vous wahren washin weg
    weil welt wenige wien wirtsc wissen wniose wochen worden wszyst wtorek wyborc wygrał wyjatk
    xbox yakala yaklas yapan yardım year yetkil yi yogun yoneti york yuksek zakazo zakopa zareje
    zarzut zatrzy zauwaz zaznac zeigt zeit zuruck zusamm zwiaza zycie zł 一代 一切 一半 一家 一点 一系 一辆 一部
    万美 三表 上一 上关 上午 上最 上涨 下是 下的 下载 下降 不久 不仅 不再 不可 不同 不知 不能 不要 与他 与其 与此 专家 业务 业生 业的 东西 两个 两名 严重 个州
    个故 中一 中包 中发 中国 中央 中有 中表 为一 为在 为我 为这 主义 义的 也是 了她 于一 亚的 些人 交媒 交易 交通 产生 享了 人口 人士 人提 人数 人民 人类 人被
    亿美 仍在 令人 以帮 以通 们一 们不 们为 们可 们对 们所 们有 们经 们都 件箱 价格 企业 伊拉 伊斯 伊朗 众议 会上 会在 会的 会议 伯特 估计 但在 但我 但是 但有
    但这 体上 体育 体验 作人 作用 作的 作者 你可 你想 使馆 供了 俄罗 候选 值得 做好 停止 儿童 元旦 充说 克拉 克斯 党的 全国 全球 全部 公共 公室 公开 公民 关的
    关系 关键 具有 内容 决定 决方 凌晨 减少 几个 出生 出的 分之 分析 创造 利用 到一 到您 到来 到的 制作 制造 前夜 前的 力的 力量 办公 加了 加利 动中 动物 助于
    包含 北卡 区的 医生 医疗 华盛 协会 协议 南部 卡罗 卫生 印度 危机 压力 原因 去世 去年 去的 参与 及其 反应 发了 发出 发的 发表 受伤 受害 只有 史上 司将 司机
    合作 同的 名男 名的 后来 后的 启动 告说 员会 员和 员工 周一 周六 周四 周围 周日 味着 和一 和党 和其 和国 和新 唐纳 商店 喜欢 回收 回顾 因素 国会 国最 国的
    国际 图片 圣诞 在上 在下 在与 在今 在众 在全 在内 在努 在发 在大 在推 在本 在美 在那 地球 场的 垃圾 处于 处理 多人 多年 大使 大利 大型 大多 大学 大约 大选
    天气 天的 夫妇 失去 女士 她说 好准 妇女 姆斯 始于 委员 威尔 威廉 威胁 婴儿 子在 存在 学家 学生 学院 孩子 它是 它的 完全 完成 完整 实施 实现 客户 害者 家人
    容易 察官 察局 对于 对他 对我 将从 将其 将发 将成 将是 将有 将这 小组 尔多 尔斯 就会 就是 州长 工人 工资 左右 巨大 市场 布了 布的 布鲁 带来 平均 年中 年以
    年在 年增 年将 年底 年度 年开 年第 年里 并不 并在 并提 幸的 广告 广泛 应对 度的 建立 建筑 开放 弹劾 强调 当局 当我 当时 很多 很快 得了 得更 德拉 心的 必要
    快乐 总是 恢复 想要 意味 感觉 成年 成本 成的 我在 或者 才能 执行 找到 技术 投票 投资 抗议 拉克 拉纳 拍摄 拒绝 持有 指出 挑战 控制 推出 措施 提前 提醒 提高
    收件 收入 收到 改善 政策 教练 敦促 数十 数百 整个 整的 斯坦 斯的 方案 方表 方面 无论 日发 日期 日的 日至 日起 早些 时代 时的 明中 星期 是他 是否 是您 是由
    普的 暂停 更加 更新 最低 最佳 最重 最高 月份 月的 有信 有助 有意 有所 有更 有机 有这 朋友 期待 未来 本周 本文 机会 杂志 权力 条新 来了 来最 来源 来纳 某些
    查中 查人 查的 查看 核心 案件 梦想 正常 此同 此处 每天 民的 气候 水平 汽车 法官 法的 法院 注册 注意 流行 消息 澳大 然而 爆发 父母 片的 物种 特别 犯罪 独特
    独立 率和 环境 现了 现场 现已 现的 球员 生命 生在 生存 生效 生涯 生物 申请 电影 电视 电话 病毒 登记 的东 的中 的主 的价 的任 的作 的信 的全 的关 的其 的副
    的十 的历 的发 的天 的女 的小 的居 的开 的总 的情 的手 的报 的推 的支 的收 的政 的故 的文 的方 的日 的核 的每 的比 的民 的法 的活 的特 的球 的男 的目 的研
    的社 的竞 的美 的联 的行 的说 的费 的这 的选 的道 的那 的问 的隐 监管 盛顿 直到 直接 相信 相关 相同 真正 真的 着一 破坏 社交 社会 离开 科学 称为 移动 立法
    竞争 第三 等待 管理 米尔 精神 糟糕 系统 紧张 紧急 约翰 纳州 纳德 经常 经理 经营 结果 统在 统的 罗伯 罗斯 罗来 考虑 者在 职业 职位 联邦 能够 能是 自然 至少
    艺术 节省 萨斯 行业 行为 补充 表明 表现 被指 袭击 规定 视为 解释 警告 讨论 让他 让我 议会 议员 议的 议者 议院 记者 讲述 设备 证实 证明 评论 诉讼 诞节 该公
    该国 该地 该部 说是 说法 谢您 负责 贡献 财务 责任 资金 赛中 赛季 赢得 起了 起来 足以 身份 过了 过的 迈克 迎来 运动 近的 还是 还有 这两 这对 这项 进一 选举
    选人 选活 透露 通常 通知 通讯 速度 逮捕 道的 那么 那些 那样 那里 部的 部署 部长 部队 都会 都在 都是 都被 采取 释放 里有 里的 重的 金融 银行 错误 错过 长期
    门的 队在 防止 阶段 阻止 附近 限制 除了 随后 隐私 需的 面临 面对 面的 页面 顿的 预测 题的 首席 高级
    """,
    64: """
    abgesa abstim accide activi afirmo again agenci aktien aktivi aktuel akzept alguna aller
    allgem alto amerik analys andern androi angeho angela ante antes anzahl apple artike asesin
    attack aunque ausser austra auto autofa autos back bagdad ban banana bankru bayern beamte
    beding behand beiden bekann bereic bescha beschr bestat besuch betrof bevor bezieh bezirk
    bienve bilder bisher bitcoi bleibe bleibt boleti boss bossy botsch brand breite bringt
    britis captur carcel carney causad ceo cerrar change chiqui christ ciento colora comien
    congre conoce constr correo cosmos crear cuerpo cumpli cyrus dabei daniel dar data datens
    davon day dazu deal debatt debido dejo demnac denunc derzei desarr detail detect deutli
    dezemb difere direcc dort down dunham durchs during edward efe ehemal einsat einsch ejecut
    elektr elimin ellos embarg enviar era ereign erfolg ergebn erhalt ermitt erneut eroffn
    erreic erwart escuel ese eskali establ estar estrel etwa etwas evento existe export fahrze
    fallen febrer fest feuer feuerw files finanz finden folgen forma forsch fuente fuerza funf
    funkti gas gebaud geben gebrac gefahr gefang gefund gegang gegenu gekomm gemach gemeld
    george geplan geschi gesetz gesich gestor get gets getty gewese geword girls gleich gm
    gobern gomez gox grenze grosst grund grupo grupos gruppe gut habili haupts haus hecho hier
    high hijos hinter hinwei hubo ihm ihn ihnen ihrem ihren ihrer imagen infekt infizi ingres
    inhalt innenm insges intere inzwis ios irak iranis israel jahre januar jede jens jos jose
    journa junge jungst juni junto kandid keible keinen klar kleine knapp kogler kommt konser
    konzer kritis kultur kurs landes landkr langer largo lassen lebens leicht lena lesen liefer
    lindsa llamad lluvia locker lohan london machen make manana mano manten marcha marco mariju
    market marrie marz massiv massna mayore mayori medien medio medios mehrer mejor men merkel
    mes mexica micros miley milita millia mindes mitgli mitte mobile modera monate morgen mt
    muestr murio music mussen mutter nachri nahe namen negati neil neuart nimmt ninos norber nsa
    ob obliga observ ocurri offenb offent offizi offnun oil opfer ort otras partic partir partne
    patien pedro people pequen perman plataf podria pol posibl positi prensa preven price proble
    produc progno progra projek protec psoe pueden punkte quiene quiere rakete recall rechte
    rechts reduci repres reside respon reuter reveal revela review richti richtu rosa rund sales
    sanche sankti schade schick schlec schlie schnel schon schutz schwar schwei schwie sector
    sehr sei seien seines seis seite selena serie show silenc sollen sonder sony sorgen sospec
    sowie sozial spahn spater spende spitze sprich st staat staatl stacy stadt stand stark
    starke start statis statt stehen stelle stellt streit sujeto tag tage tagen tehera teil
    teilen teilne teilte teilwe tener throne tienen time tirote top touris tradic tradit traile
    trata treffe true tu tun turkei turkis tv two uberra ultimo unidad usar varias varios veces
    verand verans verbes verbre verdac verfol vergle verhin verkau verkeh verlus versta vertei
    verwen verzic vier vierte visita visper volker voraus vormon waffen wahl wasser wearab
    wearho websit wednes weisse weltwe wer werde werner wichti wiener wirft woche wohnun wollen
    wollte world young zahl zieht zona zukunf zunach zuvor zweite
    """,
    128: """
    agains announ app beyonc big billio bird busine buy campai comcas coming compan costum
    creato deposi efron exchan fannie flappy flash full future fyffes galavi goes harry hbo here
    house inc iphone jared last like lower makes merger money month night offici outfit own
    parent perfor pot prices prince probe recap record return russia sbarro sdk see series set
    shaile shares snl spoile sprint star still stock swift take taxes taylor tech today ukrain
    voice weak week woodle word years zac
    """,
}

ONE_IN: dict[str, int] = {
    stem: one_in for one_in, stems in _BANDS.items() for stem in stems.split()
}

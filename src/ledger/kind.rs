//! Every kind of finding, with its message and remedy in both languages.

use super::finding::Severity;
use crate::model::lang::Lang;
use crate::model::worded::worded;

worded! {
    /// What can be wrong with a table.
    pub enum Kind;
    Empty {} Error
        "holds no table" "没有表格内容"
        => "check that this is the right file" "请确认文件是否正确";
    TooLarge { what: &'static str, found: u64, limit: u64 } Error
        "has {found} {what}; at most {limit} are read" "{what}：{found}，超过上限 {limit}"
        => "check that this is the right file, or split it" "请确认文件是否正确，或拆分后再用";
    FormatUnknown { found: &'static str } Error
        "is {found}, which is not read" "是 {found}，无法读取"
        => "save it as xlsx or as CSV UTF-8" "请另存为 xlsx 或 CSV UTF-8";
    WorkbookBroken { reason: String } Error
        "the workbook cannot be read: {reason}" "工作簿无法读取：{reason}"
        => "open it in a spreadsheet and save it again" "请用电子表格打开并重新保存";
    SheetMissing { sheet: String, there: String } Error
        "there is no sheet `{sheet}`; there are {there}" "没有工作表“{sheet}”；现有 {there}"
        => "name one of these" "请写明其中之一";
    SheetsOther { read: String, others: String } Note
        "sheet `{read}` was read; the others were not: {others}" "读取了工作表“{read}”；未读取：{others}"
        => "name the sheet if another is meant" "如需读取其他工作表，请写明名称";
    Undecodable { encoding: &'static str, byte: u64 } Error
        "byte {byte} (counted from 0) is no text in {encoding}" "第 {byte} 字节（从 0 起）不是 {encoding} 文本"
        => "name the right encoding, or save the file as UTF-8" "请写明正确的编码，或另存为 UTF-8";
    EncodingUnsure { read: &'static str, other: &'static str } Warning
        "was read as {read}, but could as well be {other}" "按 {read} 读取，但也可能是 {other}"
        => "look at the names; name the encoding if they are wrong" "请查看名称是否正确，如有误请写明编码";
    Binary {} Error
        "holds control characters that no table has" "含有表格中不应出现的控制字符"
        => "check that this is the right file" "请确认文件是否正确";
    QuoteOpen {} Error
        "a quotation mark is opened here and never closed" "此处的引号没有配对"
        => "close it, or delete it" "请补上或删除引号";
    QuoteStray {} Error
        "text follows a closing quotation mark" "引号结束后还有文字"
        => "double the quotation marks inside a cell, or delete them" "单元格内的引号请写两遍，或删除";
    RowRagged { fields: usize, expected: usize } Error
        "has {fields} fields, but the header has {expected}" "有 {fields} 个字段，表头有 {expected} 个"
        => "look for a stray separator or quote" "请检查多余的分隔符或引号";
    CellOutside { value: String } Error
        "`{value}` stands to the right of the last column with a name" "“{value}”位于最后一个有名称的列之外"
        => "give the column a name, or delete the cell" "请为该列命名，或删除该单元格";
    HeaderMissing {} Error
        "no line with names of columns was found" "未找到表头"
        => "put the names of the columns above the rows, or name them" "请在数据上方写明列名，或在配置中写明";
    HeaderAssumed {} Note
        "the first line was taken as the header, though none of its names is known" "首行被当作表头，但其中没有已知的列名"
        => "name the columns" "请写明列名";
    HeaderJoined { lines: usize } Note
        "the header has {lines} lines; their names were joined" "表头有 {lines} 行，列名已合并"
        => "" "";
    ColumnRepeated { other: usize } Error
        "this name stands over column {other} as well" "第 {other} 列也用此名"
        => "rename one of them" "请改名其中一列";
    ColumnUnnamed { column: usize } Error
        "column {column} has cells but no name" "第 {column} 列有内容但没有列名"
        => "give it a name, or delete it" "请为该列命名，或删除该列";
    ColumnUnit { unit: String } Error
        "the unit {unit} in the header would change the numbers" "表头中的单位 {unit} 会改变数值"
        => "write the numbers in single households, people or square metres" "请改用户、人或平方米为单位";
    LineAside { text: String } Warning
        "this line was not read as a row: {text}" "此行未作为数据读取：{text}"
        => "check that it is no row" "请确认它不是数据行";
    TotalDiffers { label: String, stated: String, summed: String, missing: usize } Warning
        "{label} says {stated}, but the rows sum to {summed} ({missing} of them missing)"
        "{label}为 {stated}，但各行之和为 {summed}（其中缺失 {missing} 行）"
        => "find the row that differs, or correct the total" "请查明差异所在，或改正合计";
    TotalUnchecked { label: String, reason: &'static str } Note
        "{label} could not be checked: {reason}" "{label}无法核对：{reason}"
        => "" "";
    FormulaUncached {} Error
        "holds a formula without a value" "公式没有计算结果"
        => "open it in a spreadsheet and save it again" "请用电子表格打开并重新保存";
    CellError { value: String } Error
        "holds the error {value}" "单元格为错误值 {value}"
        => "mend the formula" "请修正公式";
    DateInstead { value: String } Error
        "is a date ({value}), where a number or code is needed" "是日期（{value}），应为数或编码"
        => "type the value again into a cell set as text" "请将单元格设为文本后重新输入";
    MergedCount { from: u32 } Error
        "is merged with row {from}; how the number is shared is not said" "与第 {from} 行合并，无法得知各占多少"
        => "split the cell and write each number" "请拆分单元格并分别填写";
    GroupUnclear {} Warning
        "has no group, and no value directly above says which" "没有所属，上方也没有可沿用的值"
        => "fill it in" "请填写";
    CodeMissing {} Error
        "has no code" "没有编码"
        => "fill it in" "请填写";
    CodeMissingNamed { name: String } Warning
        "{name} has no code; only its name can be matched" "{name} 没有编码，只能按名称匹配"
        => "fill it in" "请填写";
    CodeDamaged { value: String } Error
        "the code {value} has been damaged by a spreadsheet; its digits are lost" "编码 {value} 已被电子表格损坏，数字无法恢复"
        => "export it again with the column as text" "请把该列设为文本后重新导出";
    CodeShort { value: String, digits: usize, usual: usize } Error
        "the code {value} has {digits} digits where {usual} are usual; one is lost" "编码 {value} 只有 {digits} 位，其余多为 {usual} 位，已丢失一位"
        => "correct it" "请改正";
    CodeLength { value: String, digits: usize, usual: usize } Warning
        "the code {value} has {digits} digits where {usual} are usual" "编码 {value} 有 {digits} 位，其余多为 {usual} 位"
        => "check it" "请核对";
    CodeNumbers { count: usize } Warning
        "{count} codes are stored as numbers; zeros in front may be lost" "有 {count} 个编码以数字保存，前导零可能已丢失"
        => "write codes as text" "编码请以文本保存";
    CodeUnfit { value: String } Error
        "the code {value} holds a control character or is longer than 64 characters" "编码 {value} 含控制字符或超过 64 个字符"
        => "correct it" "请改正";
    CodeRepeated { code: String, first: u32 } Error
        "the code {code} stands in row {first} with other values" "编码 {code} 与第 {first} 行重复，且内容不同"
        => "correct one of the two" "请改正其中之一";
    RowRepeated { code: String, first: u32 } Warning
        "repeats row {first} ({code}) and was left out" "与第 {first} 行（{code}）相同，已略去"
        => "delete one of the two" "请删除其中之一";
    RowAlike { first: u32 } Warning
        "is the same as row {first}; both were kept" "与第 {first} 行相同，两行均保留"
        => "delete one of the two if it is a copy" "如属重复请删除其中之一";
    KeyUnclear { columns: String } Note
        "several columns hold codes ({columns}); repeats were not looked for" "有多列编码（{columns}），未检查重复"
        => "name the column that identifies a row" "请写明用于识别每行的列";
    ValueMissing {} Warning
        "is missing" "缺失"
        => "fill it in" "请填写";
    ValueUnreadable { value: String } Error
        "`{value}` cannot be read as a number" "“{value}”不是数"
        => "write a plain number" "请写成普通数字";
    CountNegative { value: String } Error
        "{value} is negative" "{value} 为负"
        => "correct it" "请改正";
    CountFractional { value: String } Error
        "{value} is not a whole number" "{value} 不是整数"
        => "correct it" "请改正";
    CountHuge { value: String } Error
        "{value} is more than any place holds" "{value} 过大"
        => "look for a slipped decimal point or a code in the wrong column" "请检查小数点，或是否填错了列";
    ValueScientific { value: String } Error
        "{value} is in scientific notation; digits may be lost" "{value} 为科学计数法，可能已丢失数字"
        => "write the number out" "请写出完整数字";
    ValueApproximate { value: String } Error
        "`{value}` is a round figure or a range" "“{value}”是约数或范围"
        => "write the exact number, or allow round figures" "请填写准确数，或允许约数";
    ApproximateTaken { value: String, taken: String } Warning
        "`{value}` is a round figure or a range; {taken} was taken" "“{value}”是约数或范围，取 {taken}"
        => "write the exact number" "请填写准确数";
    ValueUnit { value: String } Error
        "`{value}` has a unit that is not read here" "“{value}”的单位无法换算"
        => "write it in the column's own unit" "请按该列的单位填写";
    DecimalComma { value: String } Error
        "`{value}` has a comma where a decimal point may be meant" "“{value}”的逗号可能是小数点"
        => "write a point, or allow decimal commas" "请改用小数点，或允许逗号";
    CountsOdd { households: u64, population: u64 } Warning
        "{population} people in {households} households is unusual" "{households} 户 {population} 人，比例异常"
        => "check both numbers" "请核对两数";
    PositionMissing {} Warning
        "has no position" "没有坐标"
        => "fill in both coordinates" "请填写两个坐标";
    PositionUnreadable { value: String } Error
        "`{value}` cannot be read as degrees" "“{value}”不是度数"
        => "write decimal degrees" "请写十进制度";
    PositionPoint { lon: String, lat: String } Error
        "{lon}, {lat}: a decimal point seems misplaced" "{lon}, {lat}：小数点位置可能有误"
        => "correct it" "请改正";
    PositionOutside { lon: String, lat: String } Error
        "{lon}, {lat} in degrees is no position in China" "按度数理解，{lon}, {lat} 不在中国范围内"
        => "check both coordinates and the coordinate system" "请核对坐标与坐标系";
    PrivateUse { value: String } Warning
        "`{value}` holds a character of a private font" "“{value}”含有专用字体的字符"
        => "write the character in a common font" "请改用通用字符";
    SpoiltText { value: String } Warning
        "`{value}` seems spoilt by a conversion (Latin syllables in brackets)" "“{value}”似因转换而损坏（括号内有拉丁音节）"
        => "correct the name" "请改正名称";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_carry_the_values() {
        let kind = Kind::CodeShort { value: "1201".to_owned(), digits: 4, usual: 5 };
        for lang in [Lang::En, Lang::Zh] {
            let message = kind.message(lang);
            assert!(message.contains("1201") && message.contains('5'), "{message}");
            assert!(!kind.remedy(lang).is_empty());
        }
        assert_eq!((kind.id(), kind.severity()), ("CodeShort", Severity::Error));
    }
}
